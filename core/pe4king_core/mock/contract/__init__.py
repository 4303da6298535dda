"""An independent judge of requests and answers: `jsonschema-rs` and the raw document alone.

Nothing of the product's reading of documents or schemas is used here. Where the specification
leaves room the judge is generous: a text on the wire is valid if any reading of it is.
"""
