"""What people write in conversations, before it is sent: drafts and saved replies."""
