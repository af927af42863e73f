"""The Programmes page: models, tips and patrol hours, school gates."""
