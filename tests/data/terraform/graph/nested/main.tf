variable "trusts" {
  type = map(string)
}

module "deeper" {
  count  = length(var.trusts)
  source = "./deeper"
  trust  = values(var.trusts)[count.index]
  key    = keys(var.trusts)[count.index]
}

output "accounts" {
  value = [for one in module.deeper : one.account]
}
