"""The audit log: which tables are in it, who is named as the actor, and the trigger that writes."""
