"""Purses: yuan, points or hours that balance; every movement from one purse to another, with its proof."""
