accounts  = ["666666666666", "777777777777"]
automatic = "tfvars"
