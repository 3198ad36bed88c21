"""What people agreed to: the ledger of it, its one writer, and the seals that show that it was not changed."""
