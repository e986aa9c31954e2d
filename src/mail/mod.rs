//! Mail as it comes: headers, ids, automatic answers, bounces, HTML. Knows nothing of the domain.
