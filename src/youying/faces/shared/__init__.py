"""What every face shares: the environment of the pages, the shell around them, words and pictures."""
