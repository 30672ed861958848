"""The list of hard matters and the joint meetings on them."""
