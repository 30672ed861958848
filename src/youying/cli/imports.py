"""`youying import`: a hotline export from the command line."""
