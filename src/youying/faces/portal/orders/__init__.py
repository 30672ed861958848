"""Residents' pages of the menu and the partners' lists, and the pages a partner opens by a personal link."""
