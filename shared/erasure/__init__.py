"""What was erased stays erased: tombstones are repeated, and a database that is restored obeys them again.

The list of the erased keys is in each service's database, and in a file outside of any backup of it.
"""
