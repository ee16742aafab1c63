"""What was read and kept, and how it leaves the house: readings, tables for download."""
