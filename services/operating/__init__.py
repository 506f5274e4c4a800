"""What operators of the installation see and do: of all accounts, and never a number or a text."""
