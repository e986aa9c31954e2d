//! Text messages as networks and providers know them: alphabets and segments, keywords, receipts. Knows nothing of the domain.

mod keyword;

pub use keyword::{Keyword, KeywordError, Keywords, MAX_KEYWORD_CHARS};
