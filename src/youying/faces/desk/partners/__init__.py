"""The desk's pages of partners: agreements, lists, links, and the four slips of an order."""
