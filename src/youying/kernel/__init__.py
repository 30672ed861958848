"""Pure types and functions that every layer may use: no Django, no database, no clock of their own."""
