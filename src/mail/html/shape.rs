//! Whether HTML has a shape that a tree can be made of in a time that its length bounds.
//!
//! A browser's rules make trees of quadratic size: an element such as `<b>` that is never properly closed is opened anew in each
//! paragraph after it. They also look through all open elements at each tag. So what is open is counted here, always on the side
//! of too much; mail written by people and programs stays far below the bounds.

use std::collections::BTreeMap;

use super::scan::{Tag, Token, tokens};

/// The most elements that may be open at once.
const MAX_DEPTH: usize = 512;

/// The most attributes of a tag: each is compared with all before it.
const MAX_ATTRIBUTES: usize = 256;

/// The most elements that may be opened anew, over the whole of the HTML.
const MAX_REOPENED: usize = 200_000;

/// Elements that are opened anew where they were not properly closed.
const FORMATTING: [&str; 14] =
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

/// Elements without an end.
const VOID: [&str; 17] = [
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link",
    "meta", "param", "source", "wbr",
];

/// Elements beyond which an end tag does not reach.
const BARRIERS: [&str; 11] =
    ["table", "td", "th", "caption", "object", "marquee", "applet", "template", "button", "svg", "math"];

/// The parts of a table, whose end tags reach up to their table.
const TABLE_PARTS: [&str; 8] = ["table", "td", "th", "tr", "tbody", "thead", "tfoot", "caption"];

/// Elements that begin where another of their like ends.
const SIBLINGS: [(&[&str], &[&str]); 5] = [
    (&["p"], &["p"]),
    (&["li"], &["li", "p"]),
    (&["dt", "dd"], &["dt", "dd", "p"]),
    (&["td", "th"], &["td", "th", "p"]),
    (&["tr"], &["td", "th", "tr", "p"]),
];

/// Elements of text, which end with whatever holds them and whose end tags reach no further.
const INLINE: [&str; 16] = [
    "span", "abbr", "acronym", "bdi", "bdo", "cite", "del", "dfn", "ins", "kbd", "label", "mark", "q", "samp", "sub",
    "sup",
];

/// Whether a tree of the HTML stays within the bounds.
pub(super) fn is_bounded(html: &str) -> bool {
    let mut shape = Shape::default();
    for token in tokens(html) {
        match token {
            Token::Open(tag) if tag.attributes.len() > MAX_ATTRIBUTES => return false,
            Token::Open(tag) => shape.begin(&tag),
            Token::Close(name) => shape.end(&name.to_ascii_lowercase()),
            Token::Text(_) | Token::Raw(_) => {}
        }
        if shape.open.len() > MAX_DEPTH || shape.reopened > MAX_REOPENED {
            return false;
        }
    }
    true
}

#[derive(Debug, Default)]
struct Shape {
    /// The open elements, the innermost last.
    open: Vec<String>,
    /// The formatting elements that something around them ended, by name.
    left: BTreeMap<String, usize>,
    /// How many these are.
    leaked: usize,
    /// How often one of them was opened anew, at most.
    reopened: usize,
}

impl Shape {
    /// Opens an element, after those of its like that end with it.
    fn begin(&mut self, tag: &Tag<'_>) {
        let name = tag.name.to_ascii_lowercase();
        if let Some((_, ended)) = SIBLINGS.iter().find(|(begins, _)| begins.contains(&name.as_str())) {
            let soft = |open: &String| ended.contains(&open.as_str()) || is_soft(open);
            let within = self.open.iter().rev().take_while(|open| soft(open)).collect::<Vec<_>>();
            let outermost = within.iter().rposition(|open| ended.contains(&open.as_str()));
            if let Some(outermost) = outermost {
                self.leave(outermost + 1);
            }
        }
        let foreign = tag.closes_itself && self.open.iter().any(|outer| outer == "svg" || outer == "math");
        if !VOID.contains(&name.as_str()) && !foreign {
            self.open.push(name);
        }
    }

    /// Closes an element and what is open within it, as far as its end tag reaches.
    fn end(&mut self, name: &str) {
        let stops = |outer: &str| {
            if TABLE_PARTS.contains(&name) {
                outer == "table" || outer == "template"
            } else if is_soft(name) {
                !is_soft(outer)
            } else {
                BARRIERS.contains(&outer)
            }
        };
        let found =
            self.open.iter().rev().take_while(|outer| *outer == name || !stops(outer)).position(|it| it == name);
        match found {
            Some(0) if is_soft(name) => _ = self.open.pop(),
            Some(within) => {
                self.leave(within);
                self.open.pop();
            }
            None => self.mend(name),
        }
    }

    /// Leaves the innermost elements; of these, the formatting ones go on behind.
    fn leave(&mut self, innermost: usize) {
        let keep = self.open.len().saturating_sub(innermost);
        for inner in self.open.drain(keep..).filter(|inner| FORMATTING.contains(&inner.as_str())) {
            self.leaked += 1;
            *self.left.entry(inner).or_insert(0) += 1;
        }
        self.reopened = self.reopened.saturating_add(self.leaked);
    }

    /// Ends a formatting element that was left open, where no table is between it and its end tag.
    fn mend(&mut self, name: &str) {
        let between = self.open.iter().any(|outer| BARRIERS.contains(&outer.as_str()));
        if let Some(count) = self.left.get_mut(name).filter(|count| **count > 0 && !between) {
            *count -= 1;
            self.leaked -= 1;
        }
    }
}

/// Whether an element is part of a text, so that its end tag ends nothing else.
fn is_soft(name: &str) -> bool {
    FORMATTING.contains(&name) || INLINE.contains(&name)
}
