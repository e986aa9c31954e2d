//! Cuts HTML into tags and text as a browser's tokenizer does, without making a tree: one pass, and nothing is copied.

use std::borrow::Cow;
use std::ops::Range;

use super::entity::decoded;

/// A piece of HTML.
#[derive(Debug, Clone)]
pub(crate) enum Token<'a> {
    /// Text, with its character references.
    Text(&'a str),
    /// What stands in an element that holds no other, such as `script`.
    Raw(&'a str),
    /// A start tag.
    Open(Tag<'a>),
    /// An end tag, by its name.
    Close(&'a str),
}

/// A start tag.
#[derive(Debug, Clone)]
pub(crate) struct Tag<'a> {
    pub(crate) name: &'a str,
    pub(crate) attributes: Vec<Attribute<'a>>,
    #[cfg_attr(not(feature = "html"), expect(dead_code, reason = "only who makes a tree of it asks"))]
    pub(crate) closes_itself: bool,
}

/// An attribute of a start tag.
#[derive(Debug, Clone)]
pub(crate) struct Attribute<'a> {
    pub(crate) name: &'a str,
    written: &'a str,
    /// Where the value stands in the HTML, without its quotes.
    pub(crate) at: Range<usize>,
}

impl Attribute<'_> {
    /// The value, its character references resolved.
    pub(crate) fn value(&self) -> Cow<'_, str> {
        decoded(self.written)
    }

    pub(crate) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

impl<'a> Tag<'a> {
    pub(crate) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The first attribute with a name: a browser reads no other.
    pub(crate) fn attribute(&self, name: &str) -> Option<&Attribute<'a>> {
        self.attributes.iter().find(|attribute| attribute.is(name))
    }
}

/// The elements whose content is no HTML.
const RAW: [&str; 8] = ["script", "style", "xmp", "iframe", "noembed", "noframes", "textarea", "title"];

/// The pieces of some HTML, in order.
pub(crate) fn tokens(html: &str) -> Scanner<'_> {
    Scanner { html, at: 0, raw: None }
}

/// The start tags of some HTML, in order.
pub(crate) fn tags(html: &str) -> impl Iterator<Item = Tag<'_>> {
    tokens(html).filter_map(|token| if let Token::Open(tag) = token { Some(tag) } else { None })
}

#[derive(Debug)]
pub(crate) struct Scanner<'a> {
    html: &'a str,
    at: usize,
    raw: Option<&'a str>,
}

impl<'a> Iterator for Scanner<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if let Some(name) = self.raw.take() {
            return Some(Token::Raw(self.until_end_of(name)));
        }
        loop {
            let rest = self.rest();
            if rest.is_empty() {
                return None;
            }
            let text = text_before_markup(rest);
            if text > 0 {
                return Some(Token::Text(self.take(text)));
            }
            if rest.starts_with("</") && begins_name(rest, 2) {
                self.at += 2;
                let name = self.name();
                if self.attributes().is_some() {
                    return Some(Token::Close(name));
                }
            } else if begins_name(rest, 1) {
                self.at += 1;
                let name = self.name();
                if let Some((attributes, closes_itself)) = self.attributes() {
                    self.raw = RAW.into_iter().find(|raw| name.eq_ignore_ascii_case(raw));
                    return Some(Token::Open(Tag { name, attributes, closes_itself }));
                }
            } else {
                self.skip_comment();
            }
        }
    }
}

impl<'a> Scanner<'a> {
    /// What is not cut yet.
    pub(crate) fn rest(&self) -> &'a str {
        self.html.get(self.at..).unwrap_or_default()
    }

    fn take(&mut self, length: usize) -> &'a str {
        let taken = self.rest().get(..length).unwrap_or_default();
        self.at += length;
        taken
    }

    fn take_until(&mut self, ends: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        self.take(rest.find(ends).unwrap_or(rest.len()))
    }

    fn name(&mut self) -> &'a str {
        self.take_until(|c| is_space(c) || c == '/' || c == '>')
    }

    /// The attributes up to the end of the tag; none where a quote never ends, so that there is no tag.
    fn attributes(&mut self) -> Option<(Vec<Attribute<'a>>, bool)> {
        let mut attributes = Vec::new();
        loop {
            let between = self.take_until(|c| !is_space(c) && c != '/');
            if self.rest().is_empty() {
                return Some((attributes, false));
            }
            if self.rest().starts_with('>') {
                self.at += 1;
                return Some((attributes, between.ends_with('/')));
            }
            let begin = self.at;
            let first = self.rest().chars().next().map_or(0, char::len_utf8);
            self.at += first;
            self.take_until(|c| is_space(c) || c == '/' || c == '>' || c == '=');
            let name = self.html.get(begin..self.at).unwrap_or_default();
            let after_name = self.at;
            self.take_until(|c| !is_space(c));
            let at = if self.rest().starts_with('=') {
                self.at += 1;
                self.value()?
            } else {
                self.at = after_name;
                after_name..after_name
            };
            let written = self.html.get(at.clone()).unwrap_or_default();
            attributes.push(Attribute { name, written, at });
        }
    }

    fn value(&mut self) -> Option<Range<usize>> {
        self.take_until(|c| !is_space(c));
        let quote = self.rest().chars().next().filter(|c| matches!(c, '"' | '\''));
        let Some(quote) = quote else {
            let begin = self.at;
            self.take_until(|c| is_space(c) || c == '>');
            return Some(begin..self.at);
        };
        self.at += 1;
        let begin = self.at;
        let value = self.take_until(|c| c == quote);
        let end = begin + value.len();
        if self.rest().is_empty() {
            return None;
        }
        self.at += 1;
        Some(begin..end)
    }

    fn skip_comment(&mut self) {
        let rest = self.rest();
        let length = if rest.starts_with("<!-->") || rest.starts_with("<!--->") {
            rest.find('>').map(|end| end + 1)
        } else if let Some(inside) = rest.strip_prefix("<!--") {
            let ends = |at: &usize| inside.get(..*at).is_some_and(|it| it.ends_with("--") || it.ends_with("--!"));
            inside.match_indices('>').map(|(at, _)| at).find(ends).map(|at| at + "<!-->".len())
        } else {
            rest.find('>').map(|end| end + 1)
        };
        self.at += length.unwrap_or(rest.len());
    }

    /// What stands before the end tag of an element that holds text only.
    fn until_end_of(&mut self, name: &str) -> &'a str {
        let rest = self.rest();
        let ends = |at: usize| {
            let after = rest.get(at + 2..).unwrap_or_default();
            let named = after.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name));
            named && after.get(name.len()..).is_some_and(|it| it.starts_with(|c| is_space(c) || c == '/' || c == '>'))
        };
        let end = rest.match_indices("</").map(|(at, _)| at).find(|at| ends(*at));
        self.take(end.unwrap_or(rest.len()))
    }
}

/// How much text stands before the next tag or comment.
fn text_before_markup(rest: &str) -> usize {
    let begins = |at: usize| {
        let after = rest.get(at + 1..).unwrap_or_default();
        after.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '!' | '?'))
            || after.strip_prefix('/').is_some_and(|name| !name.is_empty())
    };
    rest.match_indices('<').map(|(at, _)| at).find(|at| begins(*at)).unwrap_or(rest.len())
}

fn begins_name(rest: &str, at: usize) -> bool {
    rest.get(at..).is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()))
}

/// White space between attributes, as HTML has it.
pub(crate) const fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}')
}
