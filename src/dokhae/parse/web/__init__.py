"""Patents as web services and pages give them: pages saved from Google Patents, recorded answers of services."""
