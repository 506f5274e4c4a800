"""The interface's languages: its catalogues, and who reads what is answered."""
