"""What the program draws attention to: warnings, to be judged by people."""
