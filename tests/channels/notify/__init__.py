"""GOV.UK Notify, tested against a twin of its API on this machine."""
