"""Coming in: sign-in, links, posts, one's own account."""
