"""One file per code action; the contract is in `features.action`."""
