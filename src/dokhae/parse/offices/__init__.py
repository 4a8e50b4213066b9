"""XML of the EPO, KIPO, JPO, CNIPA and WIPO, and of the services that hand it out (OPS, KIPRIS Plus, MAREC)."""
