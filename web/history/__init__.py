"""The page of all conversations: any of them found, and read beside the list."""
