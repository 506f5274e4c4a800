"""The admin's pages: plain forms over the JSON API's own code."""
