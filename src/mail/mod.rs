//! Mail as it comes: headers, ids, automatic answers, bounces, HTML. Knows nothing of the domain.

pub mod file_name;
pub mod html;
pub mod media_type;
