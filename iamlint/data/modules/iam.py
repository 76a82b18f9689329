"""The modules of terraform-aws-modules/iam/aws that make roles, and its releases from 3.0.0 on.

Written after the inputs and the behaviour of the releases at
https://github.com/terraform-aws-modules/terraform-aws-iam (`modules/*`), which is licensed under
the Apache License 2.0; nothing of its text is in here.

To refresh: add the new releases, hold what the models make of an input against what the modules
make of it (`tests/test_module_models.py` has the inputs), then move `CHECKED_ON`.
"""

from __future__ import annotations

from iamlint.data.modules import iam_assumable as assumable
from iamlint.data.modules import iam_clusters as clusters
from iamlint.data.modules import iam_federated as federated
from iamlint.data.modules import iam_shared as shared
from iamlint.data.modules import iam_six as six
from iamlint.data.modules.package import Model, Package

CHECKED_ON = "2026-11-24"
_FIVE, _SIX = "5.60.0", "6.5.0"  # the last releases of the modules up to 5, and of those from 6 on

_ROLE = (shared.OWN, shared.SELF)
_ROLES = (shared.OWN, shared.SELVES)
_MODELS = {
    "iam-assumable-role": Model(
        (*_ROLE, shared.ASSUMABLE, assumable.ASSUMABLE_ROLE), "3.13.0", _FIVE
    ),
    "iam-assumable-roles": Model(
        (*_ROLES, shared.ASSUMABLE, assumable.ASSUMABLE_ROLES), "3.0.0", _FIVE
    ),
    "iam-assumable-role-with-oidc": Model(
        (*_ROLE, shared.CREATED, federated.WITH_OIDC), "3.7.0", _FIVE
    ),
    "iam-assumable-role-with-saml": Model(
        (*_ROLE, shared.CREATED, federated.WITH_SAML), "3.12.0", _FIVE
    ),
    "iam-assumable-roles-with-saml": Model((*_ROLES, federated.ROLES_WITH_SAML), "3.4.0", _FIVE),
    "iam-github-oidc-role": Model((shared.OWN, federated.GITHUB), "5.7.0", _FIVE),
    "iam-github-oidc-provider": Model((federated.PROVIDER,), "5.6.0", _FIVE),
    "iam-eks-role": Model((*_ROLE, shared.CREATED, clusters.EKS_ROLE), "4.23.0", _FIVE),
    "iam-role-for-service-accounts-eks": Model(
        (*_ROLE, shared.CREATED, clusters.OF_FIVE, clusters.SERVICE_ACCOUNTS), "4.12.0", _FIVE
    ),
    "iam-role-for-service-accounts": Model(
        (six.NAMED, six.SERVICE_ACCOUNTS, clusters.SERVICE_ACCOUNTS), "6.0.0", _SIX
    ),
    "iam-role": Model((shared.OWN, six.NAMED, six.ROLE), "6.0.0", _SIX),
    "iam-oidc-provider": Model((federated.PROVIDER,), "6.0.0", _SIX),
}

_COMMITS = """
3.0.0 514e1c26be7f    3.1.0 c77256d24ce7    3.2.0 47f55f96997c    3.3.0 09e0a48e431f
3.4.0 355669cf9a21    3.5.0 70e7898ccc4a    3.6.0 96d710ea7663    3.7.0 ab959696f07a
3.8.0 e51b72952382    3.9.0 b6fbb49bd8f6    3.10.0 1b1b80a9a99e   3.11.0 60d30cc15f71
3.12.0 564ea413ce2b   3.13.0 e968c2a35c3e   3.14.0 50e46b39ceb6   3.15.0 a8c20b522f21
3.16.0 7b9ddc8a2671   4.0.0 ad99ddaa4a3a    4.1.0 0f45669326a4    4.2.0 af08c473c3fd
4.3.0 fc06fb04b9d6    4.4.0 5407865df965    4.5.0 f5aab59b944b    4.6.0 d6e2d4d83314
4.7.0 cab883e39115    4.8.0 5213e17dc46c    4.9.0 e2cd87f3a7d7    4.10.0 7bb7652104bd
4.10.1 22d00218e6f4   4.11.0 9575b7e5c18b   4.12.0 e1ce116a629c   4.13.0 21b3a1d2d4ba
4.13.1 73e4ae9099e1   4.13.2 66c80ffbb5f0   4.14.0 f1fecd9eb2de   4.15.0 eada402ba952
4.15.1 81d5db32e39b   4.16.0 a23326cb6988   4.17.0 4f6b2958cf49   4.17.1 c106c0096cee
4.17.2 09609b122fdc   4.18.0 a7c09efc5d39   4.19.0 2b65bd25d4f4   4.20.0 5b792f24f420
4.20.1 2f191264b373   4.20.2 f24150a8d8f3   4.20.3 ae3b6a41726a   4.21.0 8ab86ca5a737
4.21.1 69c9fceebf00   4.22.0 f7e8c889cbbf   4.22.1 2fb3c309a51f   4.23.0 2113ea9a06e1
4.24.0 8eb4ed828faa   4.24.1 6151579a496c   5.0.0 be6303e95bdf    5.1.0 eebb8837ea69
5.2.0 50ee5bb88a25    5.3.0 ed6683e0a3ac    5.3.1 9210e6c6dc2b    5.3.2 37f97c0a12da
5.3.3 d6164989a94e    5.4.0 7c96f1f962c9    5.5.0 c6adf429d4eb    5.5.1 99c69ad54d98
5.5.2 a95ccebcf769    5.5.3 99d64b6b4149    5.5.4 23b50cb93050    5.5.5 37f2b5ea4658
5.5.6 f26c5652bd08    5.5.7 3c5807bc75bc    5.6.0 4bd4c1e64bcc    5.7.0 3ec0f0fd5d36
5.8.0 2984b29195ce    5.9.0 83494794ab75    5.9.1 72ca18a990a2    5.9.2 cb074e72f38d
5.10.0 aa7ddba39b65   5.11.0 6f860ff08e2e   5.11.1 e1b3342b48b1   5.11.2 ab21f0aa238f
5.12.0 20a23cfe0f52   5.13.0 99bca9ca733c   5.14.0 ae093dd31428   5.14.1 3cef466f501b
5.14.2 fb9e74ccb41e   5.14.3 51597fa134cf   5.14.4 3ebee20ef32e   5.15.0 80c5a46186dc
5.16.0 263426fbb6cb   5.17.0 3cd8f1ad69e9   5.17.1 baec7b9695b8   5.18.0 1258cbaf8c6a
5.19.0 10aaf1868e35   5.20.0 e46ff1f49aef   5.21.0 5bdf6cbbb161   5.22.0 c1e20a227ca5
5.23.0 2b1c595bb92a   5.23.1 e3d9cc671940   5.24.0 f537b20bb4d3   5.25.0 b6845776e41f
5.26.0 daa33d44d3f7   5.27.0 f18b333051f5   5.28.0 2eb955d1e9dc   5.29.0 2ce2fd19f02e
5.29.1 75d06594efa4   5.29.2 cbc6dfa0991c   5.30.0 856b5438e91d   5.30.1 2488f3085bee
5.30.2 577b65ea9591   5.31.0 0e7201fb7763   5.32.0 91c8dbd25d95   5.32.1 7825816ce6cb
5.33.0 e63dff8de9f6   5.33.1 cbb39cb23a81   5.34.0 f37809108f86   5.35.0 ccb4f252cc34
5.36.0 02d853d1441b   5.37.0 d02232d0cd72   5.37.1 5fd612cc1e5c   5.37.2 f0a3a1cf8ba2
5.38.0 ec0484d1b816   5.39.0 39e42e1f847a   5.39.1 de95e21a3bc5   5.40.0 ada8d1f9b373
5.41.0 88435a9dfab0   5.42.0 017c21af990a   5.43.0 fc799c161cb5   5.44.0 89fe17a65497
5.44.1 c15f9ddbe4c2   5.44.2 12c4177708aa   5.45.0 95c49ef4179a   5.46.0 617f4cbaef43
5.47.0 0773c178086f   5.47.1 cfb6845f1fb0   5.48.0 e20e0b9a4208   5.49.0 fea94c85d7c0
5.50.0 af07763114ec   5.51.0 5bc0223bc5de   5.52.0 b80e98a0b464   5.52.1 da5e04acccbf
5.52.2 e803e25ce20a   5.53.0 6b60429bfb80   5.54.0 304c8b5bbe99   5.54.1 f0f2aedeef08
5.55.0 416c5ccda880   5.56.0 df4106cc928a   5.57.0 453e9d639fcd   5.58.0 a787dce9c2b4
5.59.0 0792d7f2753c   5.60.0 c29ec1ed4096   6.0.0 4d779a525422    6.0.1 8b2ab9d0748c
6.1.0 1ed6f73cd012    6.1.1 3c66adc7d289    6.1.2 03d1b49d58a7    6.2.0 677a92189253
6.2.1 dc7a9f3bed20    6.2.2 f336f09c9a2b    6.2.3 7279fc444aed    6.3.0 581bec52db8a
6.4.0 277e8947b126    6.5.0 981121bcd176
"""

PACKAGE = Package(
    "terraform-aws-modules/iam/aws",
    "terraform-aws-modules/terraform-aws-iam",
    _COMMITS,
    {f"modules/{name}": model for name, model in _MODELS.items()},
)
