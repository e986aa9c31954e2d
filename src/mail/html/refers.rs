//! What HTML refers to: images of the message's own, parts of the message, data in the text itself.

use std::ops::Range;

use super::css::plain_style;
use super::scan::{Tag, Token, tags, tokens};

/// The attributes that a mail program or a browser takes for a URL.
const URLS: [&str; 16] = [
    "src",
    "href",
    "background",
    "poster",
    "data",
    "action",
    "formaction",
    "xlink:href",
    "lowsrc",
    "dynsrc",
    "longdesc",
    "cite",
    "classid",
    "codebase",
    "usemap",
    "content",
];

/// The attributes that hold several URLs.
const LISTS: [&str; 3] = ["srcset", "imagesrcset", "ping"];

/// An image tag whose source has a scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Showing {
    /// Where the source stands in the HTML, without its quotes.
    pub(crate) at: Range<usize>,
    /// What follows the scheme, its character references resolved.
    pub(crate) name: String,
}

/// The image tags whose source begins with a scheme such as `inline:`, in order.
pub(crate) fn shown_as(html: &str, scheme: &str) -> Vec<Showing> {
    let showing = |tag: Tag<'_>| {
        let source = tag.attribute("src").filter(|_| tag.is("img"))?;
        let value = source.value();
        let value = value.trim();
        let (before, name) = value.split_at_checked(scheme.len())?;
        before.eq_ignore_ascii_case(scheme).then(|| Showing { at: source.at.clone(), name: name.to_owned() })
    };
    tags(html).filter_map(showing).collect()
}

/// Whether there is an image in it.
pub(crate) fn shows_an_image(html: &str) -> bool {
    tags(html).any(|tag| tag.is("img"))
}

/// Whether an attribute or a style refers to something by a scheme such as `cid:`, however that is written.
pub(crate) fn refers_to(html: &str, scheme: &str) -> bool {
    tokens(html).any(|token| match token {
        Token::Open(tag) => tag.attributes.iter().any(|attribute| {
            let named = |names: &[&str]| names.iter().any(|name| attribute.is(name));
            if attribute.is("style") {
                style_refers_to(&attribute.value(), scheme)
            } else if attribute.is("content") {
                as_a_browser_reads(&attribute.value()).contains(&format!("url={scheme}"))
            } else if named(&LISTS) {
                attribute.value().split([',', ' ', '\t', '\n', '\r', '\u{c}']).any(|url| begins_with(url, scheme))
            } else {
                named(&URLS) && begins_with(&attribute.value(), scheme)
            }
        }),
        Token::Raw(text) => style_refers_to(text, scheme),
        Token::Text(_) | Token::Close(_) => false,
    })
}

fn begins_with(url: &str, scheme: &str) -> bool {
    as_a_browser_reads(url).starts_with(scheme)
}

/// A URL in lower case without what a browser passes over: white space and control characters around it, line breaks and tabs within.
fn as_a_browser_reads(url: &str) -> String {
    let inner = url.trim_matches(|c: char| c <= ' ' || c.is_whitespace());
    inner.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).map(|c| c.to_ascii_lowercase()).collect()
}

fn style_refers_to(style: &str, scheme: &str) -> bool {
    let style = plain_style(style);
    style.match_indices(scheme).any(|(at, _)| {
        let before = style.get(..at).unwrap_or_default().trim_end();
        before.ends_with(['"', '\'', '('])
    })
}
