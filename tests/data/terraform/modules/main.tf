# Calls of public modules; what they make is recorded in `modules.json`.

module "assumable_3_16_0" {
  source            = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-assumable-role?ref=v3.16.0"
  create_role       = true
  role_name         = "users"
  trusted_role_arns = ["arn:aws:iam::222222222222:root", "arn:aws:iam::333333333333:user/ada"]
}

module "assumable_4_24_1" {
  source            = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-assumable-role?ref=v4.24.1"
  create_role       = true
  role_name         = "users"
  trusted_role_arns = ["arn:aws:iam::222222222222:root", "arn:aws:iam::333333333333:user/ada"]
}

module "assumable_5_0_0" {
  source            = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-assumable-role?ref=v5.0.0"
  create_role       = true
  role_name         = "users"
  trusted_role_arns = ["arn:aws:iam::222222222222:root", "arn:aws:iam::333333333333:user/ada"]
}

module "assumable_5_39_1" {
  source            = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-assumable-role?ref=v5.39.1"
  create_role       = true
  role_name         = "users"
  trusted_role_arns = ["arn:aws:iam::222222222222:root", "arn:aws:iam::333333333333:user/ada"]
}

module "assumable_5_60_0" {
  source            = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-assumable-role?ref=v5.60.0"
  create_role       = true
  role_name         = "users"
  trusted_role_arns = ["arn:aws:iam::222222222222:root", "arn:aws:iam::333333333333:user/ada"]
}

module "assumable_service" {
  source                = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-assumable-role?ref=v5.60.0"
  create_role           = true
  role_name             = "services"
  role_requires_mfa     = false
  trusted_role_services = ["codepipeline.amazonaws.com", "ec2.amazonaws.com"]
}

module "assumable_external_mfa_old" {
  source              = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-assumable-role?ref=v4.1.0"
  create_role         = true
  role_name           = "partner"
  role_requires_mfa   = true
  trusted_role_arns   = ["arn:aws:iam::222222222222:root"]
  role_sts_externalid = ["a8f1", "77c2"]
}

module "assumable_external_mfa" {
  source              = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-assumable-role?ref=v5.60.0"
  create_role         = true
  role_name           = "partner"
  role_requires_mfa   = true
  trusted_role_arns   = ["arn:aws:iam::222222222222:root"]
  role_sts_externalid = ["a8f1", "77c2"]
}

module "assumable_external" {
  source              = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-assumable-role?ref=v5.60.0"
  create_role         = true
  role_name           = "partner"
  role_requires_mfa   = false
  trusted_role_arns   = ["arn:aws:iam::222222222222:root"]
  role_sts_externalid = "a8f1"
}

module "assumable_actions_mfa_old" {
  source               = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-assumable-role?ref=v4.6.0"
  create_role          = true
  role_name            = "users"
  trusted_role_arns    = ["arn:aws:iam::222222222222:root", "arn:aws:iam::333333333333:user/ada"]
  trusted_role_actions = ["sts:AssumeRole", "sts:SetSourceIdentity"]
}

module "assumable_actions_old" {
  source               = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-assumable-role?ref=v5.22.0"
  create_role          = true
  role_name            = "users"
  trusted_role_arns    = ["arn:aws:iam::222222222222:root", "arn:aws:iam::333333333333:user/ada"]
  trusted_role_actions = ["sts:AssumeRole", "sts:SetSourceIdentity"]
}

module "assumable_actions" {
  source               = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-assumable-role?ref=v5.60.0"
  create_role          = true
  role_name            = "users"
  trusted_role_arns    = ["arn:aws:iam::222222222222:root", "arn:aws:iam::333333333333:user/ada"]
  trusted_role_actions = ["sts:SetSourceIdentity"]
}

module "assumable_no_actions" {
  source               = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-assumable-role?ref=v5.60.0"
  create_role          = true
  role_name            = "users"
  trusted_role_arns    = ["arn:aws:iam::222222222222:root", "arn:aws:iam::333333333333:user/ada"]
  trusted_role_actions = []
}

module "assumable_self_first" {
  source                 = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-assumable-role?ref=v5.5.0"
  create_role            = true
  role_name              = "users"
  trusted_role_arns      = ["arn:aws:iam::222222222222:root", "arn:aws:iam::333333333333:user/ada"]
  allow_self_assume_role = true
}

module "assumable_self" {
  source                 = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-assumable-role?ref=v5.60.0"
  create_role            = true
  role_name              = "users"
  trusted_role_arns      = ["arn:aws:iam::222222222222:root", "arn:aws:iam::333333333333:user/ada"]
  role_path              = "/teams/"
  allow_self_assume_role = true
}

module "assumable_self_prefix" {
  source                 = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-assumable-role?ref=v5.60.0"
  create_role            = true
  role_name_prefix       = "users-"
  trusted_role_arns      = ["arn:aws:iam::222222222222:root", "arn:aws:iam::333333333333:user/ada"]
  allow_self_assume_role = true
}

module "assumable_session_old" {
  source                     = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-assumable-role?ref=v5.20.0"
  create_role                = true
  role_name                  = "users"
  trusted_role_arns          = ["arn:aws:iam::222222222222:root", "arn:aws:iam::333333333333:user/ada"]
  role_requires_session_name = true
  role_requires_mfa          = false
}

module "assumable_session_old_mfa" {
  source                     = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-assumable-role?ref=v5.20.0"
  create_role                = true
  role_name                  = "users"
  trusted_role_arns          = ["arn:aws:iam::222222222222:root", "arn:aws:iam::333333333333:user/ada"]
  role_requires_session_name = true
  role_requires_mfa          = true
}

module "assumable_session" {
  source                     = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-assumable-role?ref=v5.60.0"
  create_role                = true
  role_name                  = "users"
  trusted_role_arns          = ["arn:aws:iam::222222222222:root", "arn:aws:iam::333333333333:user/ada"]
  role_requires_session_name = true
  role_requires_mfa          = false
}

module "assumable_conditions" {
  source            = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-assumable-role?ref=v5.60.0"
  create_role       = true
  role_name         = "users"
  trusted_role_arns = ["arn:aws:iam::222222222222:root", "arn:aws:iam::333333333333:user/ada"]
  trust_policy_conditions = [{
    test     = "StringEquals"
    variable = "aws:PrincipalOrgID"
    values   = ["o-aaaaaaaaaa"]
  }]
}

module "assumable_custom_old" {
  source            = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-assumable-role?ref=v5.29.0"
  create_role       = true
  role_name         = "users"
  trusted_role_arns = ["arn:aws:iam::222222222222:root", "arn:aws:iam::333333333333:user/ada"]
  custom_role_trust_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}

module "assumable_custom_not_asked_for" {
  source            = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-assumable-role?ref=v5.60.0"
  create_role       = true
  role_name         = "users"
  trusted_role_arns = ["arn:aws:iam::222222222222:root", "arn:aws:iam::333333333333:user/ada"]
  custom_role_trust_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}

module "assumable_custom" {
  source            = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-assumable-role?ref=v5.60.0"
  create_role       = true
  role_name         = "users"
  trusted_role_arns = ["arn:aws:iam::222222222222:root", "arn:aws:iam::333333333333:user/ada"]
  custom_role_trust_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })
  create_custom_role_trust_policy = true
}

module "roles_4_24_1" {
  source                     = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-assumable-roles?ref=v4.24.1"
  create_admin_role          = true
  create_readonly_role       = true
  readonly_role_requires_mfa = false
  trusted_role_arns          = ["arn:aws:iam::222222222222:root"]
}

module "roles_5_60_0" {
  source                     = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-assumable-roles?ref=v5.60.0"
  create_admin_role          = true
  create_readonly_role       = true
  readonly_role_requires_mfa = false
  trusted_role_arns          = ["arn:aws:iam::222222222222:root"]
}

module "roles_self" {
  source                     = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-assumable-roles?ref=v5.60.0"
  create_admin_role          = true
  create_readonly_role       = true
  readonly_role_requires_mfa = false
  trusted_role_arns          = ["arn:aws:iam::222222222222:root"]
  create_poweruser_role      = true
  poweruser_role_path        = "/power/"
  trusted_role_services      = ["ec2.amazonaws.com"]
  allow_self_assume_role     = true
}

module "oidc_3_16_0" {
  source                        = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-assumable-role-with-oidc?ref=v3.16.0"
  create_role                   = true
  role_name                     = "pod"
  provider_url                  = "https://oidc.eks.us-east-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF"
  oidc_fully_qualified_subjects = ["system:serviceaccount:kube-system:b", "system:serviceaccount:kube-system:a"]
}

module "oidc_4_24_1" {
  source                        = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-assumable-role-with-oidc?ref=v4.24.1"
  create_role                   = true
  role_name                     = "pod"
  provider_url                  = "https://oidc.eks.us-east-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF"
  oidc_fully_qualified_subjects = ["system:serviceaccount:kube-system:b", "system:serviceaccount:kube-system:a"]
}

module "oidc_5_39_1" {
  source                        = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-assumable-role-with-oidc?ref=v5.39.1"
  create_role                   = true
  role_name                     = "pod"
  provider_url                  = "https://oidc.eks.us-east-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF"
  oidc_fully_qualified_subjects = ["system:serviceaccount:kube-system:b", "system:serviceaccount:kube-system:a"]
}

module "oidc_5_60_0" {
  source                        = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-assumable-role-with-oidc?ref=v5.60.0"
  create_role                   = true
  role_name                     = "pod"
  provider_url                  = "https://oidc.eks.us-east-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF"
  oidc_fully_qualified_subjects = ["system:serviceaccount:kube-system:b", "system:serviceaccount:kube-system:a"]
}

module "oidc_all" {
  source                         = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-assumable-role-with-oidc?ref=v5.60.0"
  create_role                    = true
  role_name                      = "pod"
  provider_url                   = "https://oidc.eks.us-east-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF"
  oidc_fully_qualified_subjects  = ["system:serviceaccount:kube-system:b", "system:serviceaccount:kube-system:a"]
  provider_urls                  = ["https://gitlab.com", "https://oidc.circleci.com/org/0f0f0f0f-1111-2222-3333-444444444444"]
  aws_account_id                 = "444444444444"
  allow_self_assume_role         = true
  oidc_subjects_with_wildcards   = ["project_path:acme/*"]
  oidc_fully_qualified_audiences = ["sts.amazonaws.com"]
  provider_trust_policy_conditions = [{
    test     = "StringEquals"
    variable = "aws:RequestTag/team"
    values   = ["a", "b"]
  }]
}

module "oidc_nothing" {
  source       = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-assumable-role-with-oidc?ref=v5.60.0"
  create_role  = true
  role_name    = "open"
  provider_url = "gitlab.com"
}

module "saml_3_16_0" {
  source      = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-assumable-role-with-saml?ref=v3.16.0"
  create_role = true
  role_name   = "people"
  provider_id = "arn:aws:iam::111111111111:saml-provider/idp"
}

module "saml_5_12_0" {
  source      = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-assumable-role-with-saml?ref=v5.12.0"
  create_role = true
  role_name   = "people"
  provider_id = "arn:aws:iam::111111111111:saml-provider/idp"
}

module "saml_5_60_0" {
  source      = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-assumable-role-with-saml?ref=v5.60.0"
  create_role = true
  role_name   = "people"
  provider_id = "arn:aws:iam::111111111111:saml-provider/idp"
}

module "saml_actions" {
  source               = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-assumable-role-with-saml?ref=v5.60.0"
  create_role          = true
  role_name            = "people"
  provider_id          = "arn:aws:iam::111111111111:saml-provider/idp"
  trusted_role_actions = ["sts:SetSourceIdentity"]
  provider_ids         = ["arn:aws:iam::111111111111:saml-provider/other"]
  aws_saml_endpoint    = "https://us-east-1.signin.aws.amazon.com/saml"
}

module "saml_roles_4_24_1" {
  source               = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-assumable-roles-with-saml?ref=v4.24.1"
  create_admin_role    = true
  create_readonly_role = true
  provider_id          = "arn:aws:iam::111111111111:saml-provider/idp"
}

module "saml_roles_5_60_0" {
  source               = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-assumable-roles-with-saml?ref=v5.60.0"
  create_admin_role    = true
  create_readonly_role = true
  provider_id          = "arn:aws:iam::111111111111:saml-provider/idp"
}

module "saml_roles_self" {
  source                 = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-assumable-roles-with-saml?ref=v5.60.0"
  create_admin_role      = true
  create_readonly_role   = true
  provider_id            = "arn:aws:iam::111111111111:saml-provider/idp"
  allow_self_assume_role = true
}

module "github_5_7_0" {
  source   = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-github-oidc-role?ref=v5.7.0"
  name     = "ci"
  subjects = ["acme/app:ref:refs/heads/main", "repo:acme/web:*"]
}

module "github_5_39_1" {
  source   = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-github-oidc-role?ref=v5.39.1"
  name     = "ci"
  subjects = ["acme/app:ref:refs/heads/main", "repo:acme/web:*"]
}

module "github_5_43_0" {
  source   = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-github-oidc-role?ref=v5.43.0"
  name     = "ci"
  subjects = ["acme/app:ref:refs/heads/main", "repo:acme/web:*"]
}

module "github_5_60_0" {
  source   = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-github-oidc-role?ref=v5.60.0"
  name     = "ci"
  subjects = ["acme/app:ref:refs/heads/main", "repo:acme/web:*"]
}

module "github_enterprise" {
  source            = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-github-oidc-role?ref=v5.60.0"
  name              = "ci"
  subjects          = ["acme/app:ref:refs/heads/main", "repo:acme/web:*"]
  provider_url      = "https://ghes.example.com/_services/token"
  audience          = "https://github.com/acme"
  subject_condition = "StringEquals"
  additional_trust_policy_conditions = [{
    test     = "StringEquals"
    variable = "token.actions.githubusercontent.com:actor"
    values   = ["ada"]
  }]
}

module "github_enterprise_old" {
  source       = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-github-oidc-role?ref=v5.40.0"
  name         = "ci"
  subjects     = ["acme/app:*"]
  provider_url = "https://ghes.example.com/_services/token"
}

module "irsa_4_12_0" {
  source    = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-role-for-service-accounts-eks?ref=v4.12.0"
  role_name = "pod"
  oidc_providers = {
    one = {
      provider_arn               = "arn:aws:iam::111111111111:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/AAAA"
      namespace_service_accounts = ["kube-system:a", "kube-system:b"]
    }
    two = {
      provider_arn               = "arn:aws:iam::111111111111:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/BBBB"
      namespace_service_accounts = ["default:c"]
    }
  }
}

module "irsa_4_24_1" {
  source    = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-role-for-service-accounts-eks?ref=v4.24.1"
  role_name = "pod"
  oidc_providers = {
    one = {
      provider_arn               = "arn:aws:iam::111111111111:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/AAAA"
      namespace_service_accounts = ["kube-system:a", "kube-system:b"]
    }
    two = {
      provider_arn               = "arn:aws:iam::111111111111:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/BBBB"
      namespace_service_accounts = ["default:c"]
    }
  }
}

module "irsa_5_39_1" {
  source    = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-role-for-service-accounts-eks?ref=v5.39.1"
  role_name = "pod"
  oidc_providers = {
    one = {
      provider_arn               = "arn:aws:iam::111111111111:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/AAAA"
      namespace_service_accounts = ["kube-system:a", "kube-system:b"]
    }
    two = {
      provider_arn               = "arn:aws:iam::111111111111:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/BBBB"
      namespace_service_accounts = ["default:c"]
    }
  }
}

module "irsa_5_60_0" {
  source    = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-role-for-service-accounts-eks?ref=v5.60.0"
  role_name = "pod"
  oidc_providers = {
    one = {
      provider_arn               = "arn:aws:iam::111111111111:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/AAAA"
      namespace_service_accounts = ["kube-system:a", "kube-system:b"]
    }
    two = {
      provider_arn               = "arn:aws:iam::111111111111:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/BBBB"
      namespace_service_accounts = ["default:c"]
    }
  }
}

module "irsa_like" {
  source    = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-role-for-service-accounts-eks?ref=v5.60.0"
  role_name = "pod"
  oidc_providers = {
    one = {
      provider_arn               = "arn:aws:iam::111111111111:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/AAAA"
      namespace_service_accounts = ["kube-system:a", "kube-system:b"]
    }
    two = {
      provider_arn               = "arn:aws:iam::111111111111:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/BBBB"
      namespace_service_accounts = ["default:c"]
    }
  }
  assume_role_condition_test = "StringLike"
  allow_self_assume_role     = true
}

module "irsa_six" {
  source = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-role-for-service-accounts?ref=v6.5.0"
  name   = "pod"
  oidc_providers = {
    one = {
      provider_arn               = "arn:aws:iam::111111111111:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/AAAA"
      namespace_service_accounts = ["kube-system:a", "kube-system:b"]
    }
    two = {
      provider_arn               = "arn:aws:iam::111111111111:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/BBBB"
      namespace_service_accounts = ["default:c"]
    }
  }
  trust_condition_test = "StringLike"
}

module "role_github" {
  source                 = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-role?ref=v6.5.0"
  name                   = "ci"
  enable_github_oidc     = true
  oidc_subjects          = ["acme/app:ref:refs/heads/main"]
  oidc_wildcard_subjects = ["repo:acme/web:*"]
}

module "role_oidc" {
  source             = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-role?ref=v6.5.0"
  name               = "oidc"
  enable_oidc        = true
  oidc_account_id    = "444444444444"
  oidc_provider_urls = ["https://gitlab.com", "oidc.circleci.com/org/0f0f"]
  oidc_subjects      = ["project_path:acme/app:ref_type:branch:ref:main"]
  oidc_audiences     = ["https://gitlab.com"]
  trust_policy_conditions = [{
    test     = "StringEquals"
    variable = "aws:RequestTag/team"
    values   = ["a"]
  }]
}

module "role_bitbucket" {
  source                 = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-role?ref=v6.5.0"
  name                   = "bitbucket"
  enable_bitbucket_oidc  = true
  oidc_provider_urls     = ["https://api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc"]
  oidc_audiences         = ["ari:cloud:bitbucket::workspace/0f0f"]
  oidc_wildcard_subjects = ["{0f0f}*"]
}

module "role_saml" {
  source             = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-role?ref=v6.5.0"
  name               = "people"
  enable_saml        = true
  saml_provider_ids  = ["arn:aws:iam::111111111111:saml-provider/idp"]
  saml_trust_actions = ["sts:SetSourceIdentity"]
}

module "role_permissions" {
  source = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-role?ref=v6.5.0"
  name   = "custom"
  trust_policy_permissions = {
    Users = {
      actions = ["sts:AssumeRole", "sts:TagSession"]
      principals = [{
        type        = "AWS"
        identifiers = ["arn:aws:iam::222222222222:root"]
      }]
      condition = [{
        test     = "StringEquals"
        variable = "sts:ExternalId"
        values   = ["a8f1"]
      }]
    }
    other = {
      sid     = "Machines"
      actions = ["sts:AssumeRole"]
      principals = [{
        type        = "Service"
        identifiers = ["ec2.amazonaws.com"]
      }]
    }
  }
}

module "role_several" {
  source             = "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-role?ref=v6.5.0"
  name               = "several"
  use_name_prefix    = false
  enable_github_oidc = true
  enable_saml        = true
  oidc_subjects      = ["acme/app:ref:refs/heads/main"]
  saml_provider_ids  = ["arn:aws:iam::111111111111:saml-provider/idp"]
  trust_policy_conditions = [{
    test     = "StringEquals"
    variable = "aws:RequestTag/team"
    values   = ["a"]
  }]
}

module "moj_github" {
  source              = "git::https://github.com/ministryofjustice/modernisation-platform-github-oidc-role.git?ref=v4.0.0"
  role_name           = "ci"
  github_repositories = ["acme/app", "acme/web"]
  tags                = {}
}

module "moj_github_claim" {
  source              = "git::https://github.com/ministryofjustice/modernisation-platform-github-oidc-role.git?ref=9d9a2d23cf56"
  role_name           = "ci"
  github_repositories = ["acme/app"]
  subject_claim       = "ref:refs/heads/main"
  tags                = {}
}

module "moj_cross" {
  source                 = "git::https://github.com/ministryofjustice/modernisation-platform-terraform-cross-account-access.git?ref=v4.0.0"
  account_id             = "222222222222"
  role_name              = "access"
  additional_trust_roles = ["arn:aws:iam::333333333333:role/ci"]
  additional_trust_statements = [jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }]
  })]
}

module "moj_cross_old" {
  source     = "git::https://github.com/ministryofjustice/modernisation-platform-terraform-cross-account-access.git?ref=v2.3.0"
  account_id = "222222222222"
  role_name  = "access"
}
