"""Answers that a document allows: varied values, in every media type, with headers.

`answers.Answers` is the entrance. A value comes from documented examples, else it is made to look
real (`sampled`), varied within what the schema allows (`variations`), made to agree with itself
(`coherence`) and checked as a whole (`values`). What the answer is about is chosen in `statuses`
and `negotiation`; `bodies`, `headers` and `problems` write it down.
"""
