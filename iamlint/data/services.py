"""Service principals: which exist, what they do with a role, and where AWS says so.

`ROWS` are services of which more than the name is known. `tier` says how much a trust policy needs
to ask for the source of the call: 1, the trust itself is all that keeps other customers of the
service apart, or AWS's own template asks for it; 2, AWS documents that the service sends the keys,
and that the service checks with `iam:PassRole` whose role it is; 3, the service does not send them,
so that a guard on them would make the role unusable; 0, unknown.

`NAMES` are all services that are known to exist, by where they were seen: T, trust and resource
policies in public repositories; M, policies that AWS manages (zoph-io/MAMIP, 2026-03: names only);
S, towardsthecloud/vscode-iam-service-principal-snippets (Apache-2.0, 2026-06-26); D, AWS
documentation. The list of AWS is not public: a name that is not here may exist all the same.

To refresh: merge the names of these sources; look for new pages called "cross-service confused
deputy prevention" and for notices of end of support; then move `CHECKED_ON`. The tests in
`tests/test_services.py` hold the file against itself.
"""

from __future__ import annotations

from iamlint.typed import NamedTuple

CHECKED_ON = "2026-11-01"


class Service(NamedTuple):
    """One service principal, by its name without the DNS suffix of the partition.

    `arns`: globs of the ARNs it sends as `aws:SourceArn`, where AWS documents them. `needs`:
    actions each of its calls needs besides `sts:AssumeRole`. `external_id`: AWS's template for its
    role asks for one. `runtime`: what runs a customer's own code with the role; services of one
    word belong together. `ended`: when AWS shut it down. `source`: the page that says so.
    """

    name: str
    tier: int
    source: str
    arns: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    external_id: bool = False
    runtime: str = ""
    ended: str = ""


# services whose calls are those of people who work for AWS (waf developerguide, srt access)
STAFF = {"drt.shield": "the Shield Response Team"}
# the parts of a name that only stages of a service have which are not released: seen in the
# policies that AWS manages (`lambda.preprod`, `custom.rds-preview`) and in public repositories
STAGES = ("preprod", "beta", "gamma", "alpha", "preview", "devo", "rds-preview")

_TAG, _IDENTITY = "sts:TagSession", "sts:SetSourceIdentity"
_STACKS = ("arn:*:cloudformation:*:*:type/*",)
_EXTENSIONS = "cloudformation-cli hooks-userguide, userguide"

ROWS: tuple[Service, ...] = (
    Service(
        "rolesanywhere",
        1,
        "rolesanywhere userguide trust-model",
        ("arn:*:rolesanywhere:*:*:trust-anchor/*",),
        (_TAG, _IDENTITY),
    ),
    Service(
        "ssm",
        1,
        "systems-manager userguide, service roles for automation and hybrid activations",
        ("arn:*:ssm:*:*:*",),
    ),
    Service(
        "fis",
        1,
        "fis userguide getting-started-iam-service-role",
        ("arn:*:fis:*:*:experiment/*",),
    ),
    Service(
        "malware-protection-plan.guardduty",
        1,
        "guardduty ug malware-protection-s3-iam-policy-prerequisite",
    ),
    Service("hooks.cloudformation", 1, _EXTENSIONS, _STACKS),
    Service("resources.cloudformation", 1, _EXTENSIONS, _STACKS),
    Service(
        "cognito-idp", 1, "cognito user pools, SmsConfigurationType ExternalId", external_id=True
    ),
    Service("vmie", 1, "vm-import userguide required-permissions", external_id=True),
    # what the pages on cross-service confused deputy prevention of these services say
    Service("airflow", 2, "mwaa userguide", runtime="airflow"),
    Service("airflow-env", 2, "mwaa userguide", runtime="airflow"),
    Service("appstream", 2, "appstream2 developerguide"),
    Service(
        "autoscaling",
        2,
        "autoscaling ec2 userguide cross-service-confused-deputy-prevention",
        ("arn:*:autoscaling:*:*:autoScalingGroup:*",),
    ),
    Service(
        "bedrock",
        2,
        "bedrock userguide cross-service-confused-deputy-prevention",
        ("arn:*:bedrock:*:*:*",),
    ),
    Service("cloudformation", 2, "AWSCloudFormation UserGuide"),
    Service("comprehend", 2, "comprehend dg"),
    Service("directoryservice.rds", 2, "AmazonRDS UserGuide"),
    Service(
        "ecs-tasks",
        2,
        "AmazonECS developerguide task-iam-roles",
        ("arn:*:ecs:*:*:*",),
        runtime="ecs",
    ),
    Service(
        "eks-fargate-pods",
        2,
        "eks userguide pod-execution-role",
        ("arn:*:eks:*:*:fargateprofile/*",),
    ),
    Service("es", 2, "opensearch-service developerguide"),
    Service("events", 2, "eventbridge userguide"),
    Service("pipes", 2, "eventbridge userguide"),
    Service("frauddetector", 2, "frauddetector ug confused-deputy-prevention"),
    Service("iot", 2, "iot developerguide cross-service-confused-deputy-prevention"),
    Service("logs", 2, "AmazonCloudWatch logs SubscriptionFilters", ("arn:*:logs:*:*:*",)),
    Service(
        "personalize",
        2,
        "personalize dg cross-service-confused-deputy-prevention",
        ("arn:*:personalize:*:*:*",),
    ),
    Service("rds", 2, "AmazonRDS UserGuide cross-service-confused-deputy-prevention"),
    Service("monitoring.rds", 2, "AmazonRDS UserGuide USER_Monitoring.OS.Enabling"),
    Service("rekognition", 2, "rekognition dg cross-service-confused-deputy-prevention"),
    Service(
        "sagemaker",
        2,
        "sagemaker dg security-confused-deputy-prevention",
        ("arn:*:sagemaker:*:*:*",),
        runtime="data",
    ),
    Service(
        "scheduler",
        2,
        "scheduler UserGuide cross-service-confused-deputy-prevention: the schedule group",
        ("arn:*:scheduler:*:*:schedule-group/*",),
    ),
    Service("ssm-incidents", 2, "incident-manager userguide"),
    Service("states", 2, "step-functions dg procedure-create-iam-role", ("arn:*:states:*:*:*",)),
    Service("ec2", 3, "prowler-cloud/prowler issue 2810", runtime="ec2"),
    Service("lambda", 3, "prowler-cloud/prowler issue 2810", runtime="lambda"),
    Service("edgelambda", 3, "AmazonCloudFront lambda-edge-permissions", runtime="lambda"),
    Service("pods.eks", 0, "eks userguide pod-id-role", needs=(_TAG,), runtime="eks"),
    Service("codebuild", 0, "codebuild userguide setting-up-service-role", runtime="codebuild"),
    # interactive sessions of Glue in SageMaker need both in one role (glue dg)
    Service("glue", 0, "glue dg interactive-sessions-security", runtime="data"),
    Service(
        "tasks.apprunner", 0, "apprunner dg security_iam_service-with-iam", runtime="apprunner"
    ),
    Service("emr-serverless", 0, "emr EMR-Serverless-UserGuide", runtime="emr"),
    # notices of end of support on the pages of these services
    Service("elastictranscoder", 0, "elastictranscoder developerguide", ended="2025-11-13"),
    Service("iotanalytics", 0, "iotanalytics userguide", ended="2025-12-15"),
    Service("lookoutequipment", 0, "lookout-for-equipment userguide", ended="2026-10-07"),
    Service("lookoutvision", 0, "lookout-for-vision developer-guide", ended="2025-10-31"),
    Service("opsworks", 0, "opsworks APIReference Welcome", ended="2024-05-26"),
    Service("panorama", 0, "panorama api Welcome", ended="2026-05-31"),
    Service("qldb", 0, "qldb developerguide document-history", ended="2025-07-31"),
    Service("robomaker", 0, "robomaker dg", ended="2025-09-10"),
)

# Services whose names may have a region: `codedeploy`, `logs` and `states` by @aws-cdk/region-info
# 2.269.0 (Apache-2.0), `dms` and `rds` by their own guides.
REGIONAL = frozenset(("codedeploy", "dms", "logs", "rds", "states"))
# Regions that every account has. A name with another region may be needed there (region-info).
REGIONS = frozenset(
    (
        "ap-northeast-1",
        "ap-northeast-2",
        "ap-northeast-3",
        "ap-south-1",
        "ap-southeast-1",
        "ap-southeast-2",
        "ca-central-1",
        "eu-central-1",
        "eu-north-1",
        "eu-west-1",
        "eu-west-2",
        "eu-west-3",
        "sa-east-1",
        "us-east-1",
        "us-east-2",
        "us-west-1",
        "us-west-2",
    )
)

# What people write for a service that is called otherwise.
ALIASES = {
    "api-gateway": "apigateway",
    "apigw": "apigateway",
    "app-runner": "apprunner",
    "cloudwatch-events": "events",
    "cloudwatchevents": "events",
    "cloudwatch-logs": "logs",
    "cloudwatchlogs": "logs",
    "ecs-task": "ecs-tasks",
    "efs": "elasticfilesystem",
    "elb": "elasticloadbalancing",
    "elasticloadbalancer": "elasticloadbalancing",
    "emr": "elasticmapreduce",
    "eventbridge": "events",
    "fargate": "ecs-tasks",
    "kinesis-firehose": "firehose",
    "kinesisfirehose": "firehose",
    "lambda-edge": "edgelambda",
    "lambdaedge": "edgelambda",
    "rolesanywhere.iam": "rolesanywhere",
    "step-functions": "states",
    "stepfunctions": "states",
    "systems-manager": "ssm",
    "systemsmanager": "ssm",
    "vpc-flow-log": "vpc-flow-logs",
    "vpcflowlogs": "vpc-flow-logs",
}

NAMES: dict[str, str] = {
    "TMS": (
        "a4b aiops airflow apigateway appflow application-autoscaling apprunner appsync "
        "auditmanager autoscaling backup batch bedrock bedrock-agentcore budgets cleanrooms "
        "cleanrooms-ml cloudformation cloudfront cloudtrail codebuild codepipeline "
        "cognito-identity config controltower datasync datazone ds dsql ecs eks "
        "elasticbeanstalk elasticfilesystem emr-serverless events.workmail firehose fis fms "
        "forecast frauddetector glue grafana greengrass guardduty healthlake iam inspector2 "
        "iot iotsitewise kafka kendra lambda lexv2 logs lookoutmetrics macie medical-imaging "
        "neptune-graph omics opsworks organizations panorama "
        "partnercentral-account-management personalize pipes proton qldb quicksight rds "
        "redshift rolesanywhere s3 sagemaker scheduler securityhub servicecatalog ses sns ssm "
        "sso states support transfer "
    ),
    "TM": (
        "assets.marketplace crowd datazonecontrol delivery.logs directquery.opensearchservice "
        "ec2 ecs-tasks events malware-protection-plan.guardduty malware-protection.guardduty "
        "pods.eks resource-snapshot-job.partnercentral-selling ssm.integrations "
    ),
    "TS": (
        "account chatbot cloudwatch codedeploy codestar-notifications comprehend datapipeline "
        "dlm dms dynamodb es kinesisanalytics mediaconnect researchstudio route53 "
        "secretsmanager securityagent sqs textract translate trustedadvisor workspaces "
    ),
    "T": (
        "agent-registry batchoperations.s3 billingreports capabilities.eks "
        "cloudwatch-crossaccount dnssec-route53 drt.shield eks-fargate-pods events.rds "
        "logdelivery.elasticloadbalancing logging.s3 member.org.stacksets.cloudformation "
        "monitoring.rds streams.metrics.cloudwatch tasks.apprunner vpc-flow-logs "
    ),
    "MS": (
        "access-analyzer acm airflow-serverless amplify appfabric application-transformation "
        "appmesh aps artifact athena braket bugbust chime cloud9 codeartifact codecatalyst "
        "codeguru-profiler codeguru-reviewer codeguru-security cognito-idp connect "
        "connect-campaigns databrew dataexchange dax detective devops-guru docdb-elastic drs "
        "ec2.application-autoscaling elasticache elasticloadbalancing elasticmapreduce "
        "elastictranscoder email.cognito-idp emr-containers entityresolution fsx "
        "globalaccelerator health imagebuilder inspector internetmonitor "
        "iotmanagedintegrations lakeformation launchwizard lex lightsail lookoutequipment "
        "mediaconvert memorydb mgn migrationhub-orchestrator migrationhub-strategy monitron "
        "mpa mq network-firewall network-security-director networkmanager nimble "
        "notifications observability.aoss observabilityadmin osis permission.iq profile q ram "
        "redshift-data redshift-serverless refactor-spaces resource-explorer-2 "
        "resource-groups robomaker route53resolver rum sagemaker-geospatial schemas "
        "security-ir securitylake servicequotas shield sms sqlworkbench ssm-guiconnect "
        "ssm-quicksetup ssm-sap synthetics tag timestream-influxdb vpc-lattice wafv2 "
        "workspaces-instances "
    ),
    "M": (
        "access-grants.s3 agentless.inspector2 apidestinations.events application-insights "
        "application-signals.cloudwatch appstream.application-autoscaling "
        "aws-artifact-account-sync cassandra-streams cassandra.application-autoscaling "
        "channels.lex channels.lexv2 codecatalyst-runner cognito-identity-us-gov "
        "config-conforms config-multiaccountsetup context.cloudtrail "
        "continuousexport.discovery contract.iq contributorinsights.dynamodb "
        "cost-optimization-hub.bcm credentials.iot custom.rds custom.rds-preview "
        "dmsintegration.migrationhub dynamodb.application-autoscaling ebs.csi.eks ec2-images "
        "ec2.capacitymanager ec2fastlaunch ec2fleet ec2scheduled ec2sqlha "
        "ecs.application-autoscaling eks-connector event-processor.health "
        "events.managedservices ingress.eks iotroborunner justintimeaccess.ssm "
        "kinesisreplication.dynamodb lambda.beta lambda.preprod "
        "license-management.marketplace license-manager.member-account "
        "maintenance.elasticbeanstalk managedupdates.elasticbeanstalk migrationhub "
        "monitoring.thinclient network.bedrock-agentcore notifications.ssm opensearchservice "
        "ops.athena ops.emr-serverless orgsdatasync.servicecatalog "
        "private-marketplace.marketplace rds.application-autoscaling remediation.config "
        "replication.cassandra replication.dynamodb replication.ecr replication.lexv2 "
        "replication.s3tables reporting.trustedadvisor resale-authorization.marketplace "
        "restore-testing.backup runtime-identity.bedrock-agentcore s3.data-source.lustre.fsx "
        "sagemaker.application-autoscaling scaler.lambda scraper.aps securityhubv2 "
        "service.eks servicecatalog-appregistry smsintegration.migrationhub spot spotfleet "
        "sync.proton tagpolicies.tag telemetry-enablement.observabilityadmin "
        "telemetry-pipelines.observabilityadmin transitgateway triage.security-ir "
        "user-attribute-cost-allocation-data vmie "
    ),
    "S": (
        "a2c acm-pca aco-automation action-recommendations activate agentaccess-mcp aidevops "
        "amplifybackend amplifyuibuilder aoss app-integrations appconfig application-signals "
        "application-signals-mcp applicationinsights appmesh-preview appstream appstudio "
        "apptest arc-region-switch arc-zonal-shift arsenal autoscaling-plans "
        "aws-external-anthropic aws-marketplace aws-marketplace-management aws-portal "
        "awsconnector b2bi backup-gateway backup-search backup-storage bcm-dashboards "
        "bcm-data-exports bcm-pricing-calculator bcm-recommended-actions bedrock-mantle "
        "billing billingconductor cases cassandra ce clouddirectory cloudfront-keyvaluestore "
        "cloudhsm cloudsearch cloudshell cloudtrail-data codecommit codeconnections "
        "codedeploy-commands-secure codeguru codestar codestar-connections codewhisperer "
        "cognito-sync comprehendmedical compute-optimizer consoleapp consolidatedbilling "
        "controlcatalog cost-optimization-hub cur customer-verification dbqms deadline "
        "devicefarm directconnect discovery ds-data ebs ec2-instance-connect ec2messages ecr "
        "ecr-public ecs-mcp eks-auth eks-mcp elemental-activations "
        "elemental-appliances-software elemental-inference elemental-support-cases "
        "elemental-support-content eventsbilltoaws evidently evs execute-api finops-agent "
        "finspace finspace-api freertos freetier gamelift gameliftstreams geo geo-maps "
        "geo-places geo-routes glacier groundstation groundtruthlabeling health-agent "
        "honeycode identity-sync identitystore identitystore-auth importexport inspector-scan "
        "inspector2-telemetry interconnect invoicing iot-device-tester iotanalytics "
        "iotdeviceadvisor iotevents iotfleethub iotfleetwise iotjobsdata iottwinmaker "
        "iotwireless iq iq-permission ivs ivschat kafka-cluster kafkaconnect kendra-ranking "
        "kinesis kinesisvideo kms license-manager license-manager-linux-subscriptions "
        "license-manager-user-subscriptions lookoutvision m2 machinelearning macie2 "
        "managedblockchain managedblockchain-query mapcredits marketplacecommerceanalytics "
        "mechanicalturk mediaimport medialive mediapackage mediapackage-vod mediapackagev2 "
        "mediastore mediatailor mgh mobileanalytics mobiletargeting neptune-db "
        "networkflowmonitor networkmanager-chat networkmonitor notifications-contacts "
        "nova-act oam odb one opensearch ops.apigateway opsworks-cm outposts partnercentral "
        "payment-cryptography payments pca-connector-ad pca-connector-scep pcs pi polly "
        "practice-run.arc-zonal-shift pricing pricingplanmanager private-networks "
        "purchase-orders qapps qbusiness qdeveloper rbin rds-data rds-db rekognition "
        "repository.sync.codeconnections repostspace resiliencehub resource-explorer rhelkb "
        "route53-recovery-cluster route53-recovery-control-config route53-recovery-readiness "
        "route53domains route53globalresolver route53profiles rtbfabric s3-object-lambda "
        "s3-outposts s3express s3files s3tables s3vectors sagemaker-data-science-assistant "
        "sagemaker-mlflow sagemaker-unified-studio-mcp savingsplans scn sdb serverlessrepo "
        "servicediscovery serviceextract signer signin simspaceweaver sms-voice "
        "snow-device-management snowball social-messaging ssm-contacts ssm-incidents "
        "ssmmessages sso-directory sso-oauth storagegateway sts support-console supportapp "
        "supportplans sustainability swf tax thinclient timestream tiros tnb transcribe "
        "transform transform-custom ts user-subscriptions uxc vendor-insights verified-access "
        "verifiedpermissions voiceid vpc-lattice-svcs vpce vpcorigin.cloudfront waf "
        "waf-regional wam wellarchitected wickr wisdom workdocs worklink workmail "
        "workmailmessageflow workspaces-web xray "
    ),
    "D": (
        "airflow-env directoryservice.rds edgelambda export.rds hooks.cloudformation "
        "osis-pipelines pinpoint resources.cloudformation stacksets.cloudformation "
        "voiceconnector.chime "
    ),
}
