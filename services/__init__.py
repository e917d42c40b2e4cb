"""The five services. None imports another: facts and commands in `shared.contracts` are all they share."""
