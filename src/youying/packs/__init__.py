"""The pack language: schema, composer, editions, linter, law floor and explainer; pure Python."""
