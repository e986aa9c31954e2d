//! HTML of mail bodies: what it may hold, what it refers to, and what it says in plain text.
//!
//! Everything here takes time linear in the length of the HTML, whatever it holds.

#[cfg(feature = "html")]
mod ammonia;
mod css;
mod entity;
mod refers;
mod removed;
pub(crate) mod scan;
#[cfg(feature = "html")]
mod shape;
#[cfg(feature = "html")]
mod style;
mod text;

use std::fmt;

#[cfg(feature = "html")]
pub use self::ammonia::Ammonia;
pub(crate) use refers::shows_an_image;
pub(crate) use refers::{Showing, refers_to, shown_as};
pub(crate) use removed::removed;
pub use text::to_text;

/// Which way HTML goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    /// To a customer, written by an agent or made from a template.
    Outbound,
    /// From a customer, to be shown to agents.
    Inbound,
}

/// Takes out of HTML whatever could do harm.
///
/// An implementation must be a pure function: the same HTML gives the same answer, and what it gave once it leaves as it is. It must
/// end in a time that its input's length bounds, since the input comes from strangers. Going out it must keep
/// `<img src="inline:name">`, the images of the message's own (R32); coming in it must keep `<img src="cid:…">` (R34), and must
/// move the `src` of every other image to [`REMOTE_SRC`], so that nobody learns from an image that was loaded that the mail was opened.
pub trait HtmlCleaner: fmt::Debug + Send + Sync {
    /// The same HTML without what could do harm.
    fn clean(&self, html: &str, way: Way) -> String;
}

/// The attribute that keeps the URL of a remote image in a mail that came in: nothing loads it unless the host moves it back.
pub const REMOTE_SRC: &str = "data-remote-src";

/// How many images of a cleaned mail are kept back, to be loaded from elsewhere only when an agent wishes so.
#[must_use]
pub fn remote_images(html: &str) -> usize {
    scan::tags(html).filter(|tag| tag.is("img") && tag.attribute(REMOTE_SRC).is_some()).count()
}
