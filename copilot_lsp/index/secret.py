"""Which files hold secrets by their name or their first bytes: they are never indexed, and no pattern lets them in."""

import re
from fnmatch import translate

_NAMES = """
    .env .env.* *.env .envrc *.pem *.key *.p8 *.p12 *.pfx *.pkcs12 *.jks *.keystore *.kdb *.kdbx *.ppk *.ovpn
    *.asc *.gpg *.pgp id_rsa* id_dsa* id_ecdsa* id_ed25519* .npmrc .yarnrc.yml .pypirc .netrc _netrc
    .git-credentials .htpasswd .pgpass .my.cnf .dockercfg .dockerconfigjson .terraformrc terraform.rc
    *.tfstate *.tfstate.* *.tfvars *.tfvars.json .vault-token vault-password* .vault_pass* credentials
    credentials.json credentials.y*ml credentials.toml credentials.ini secret.* secrets.json secrets.y*ml
    secrets.toml secrets.ini service-account*.json service_account*.json client_secret*.json master.key
    kubeconfig .s3cfg .boto .rclone.conf rclone.conf .vscode-secrets local.settings.json
"""
_FOLDERS = frozenset({".ssh", ".gnupg", ".aws", ".azure", ".kube", ".docker", ".gcloud", ".password-store"})
_PATTERN = re.compile("|".join(translate(name) for name in _NAMES.split()))

# Code in this family of files may well be called secret.py; a name alone hides only what is data.
_CODE = re.compile(r"secret\.(?:py|js|ts|tsx|jsx|java|cs|go|rs|rb|php|kt|c|h|cpp|hpp|lua|sh|sql|md)")


def is_secret_name(name: str) -> bool:
    """Whether a file of this name holds secrets on most machines. The case of letters does not matter."""
    low = name.lower()
    return _PATTERN.fullmatch(low) is not None and _CODE.fullmatch(low) is None


def is_secret_folder(name: str) -> bool:
    return name.lower() in _FOLDERS


def is_secret_content(head: bytes) -> bool:
    """Whether a file begins like a key, whatever its name is."""
    return head.lstrip().startswith((b"-----BEGIN ", b"PuTTY-User-Key-File"))
