//! Text messages as networks and providers know them: alphabets and segments, keywords, receipts. Knows nothing of the domain.

mod alphabet;
mod forced;
mod nearest;
mod segments;

pub use alphabet::{is_gsm7, septets};
pub use forced::{Forced, Plainer, forced, plainer};
pub use nearest::replaced;
pub use segments::{Encoding, Segments, parts};
mod keyword;

pub use keyword::{Keyword, KeywordError, Keywords, MAX_KEYWORD_CHARS};
