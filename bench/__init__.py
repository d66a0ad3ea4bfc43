"""Day One Pass beside another tool that hands over a secret once: both run here and are attacked, one by one."""
