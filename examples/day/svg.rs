//! Drawing: a page of panels with axes, as text.

use std::fmt::Write;

/// A page.
pub(crate) struct Page {
    body: String,
    width: f64,
}

pub(crate) const GREY: &str = "#5b6470";
pub(crate) const BLUE: &str = "#2b6cb0";
pub(crate) const ORANGE: &str = "#dd6b20";
pub(crate) const GREEN: &str = "#2f855a";
pub(crate) const RED: &str = "#c53030";

/// Where a text stands, seen from its point.
#[derive(Clone, Copy)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

impl Anchor {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Middle => "middle",
            Self::End => "end",
        }
    }
}

impl Page {
    pub(crate) const fn new(width: f64) -> Self {
        Self { body: String::new(), width }
    }

    fn add(&mut self, element: std::fmt::Arguments<'_>) {
        // Writing to a string does not fail.
        let _ = self.body.write_fmt(element);
        self.body.push('\n');
    }

    pub(crate) fn rect(&mut self, (x, y): (f64, f64), (width, height): (f64, f64), fill: &str, opacity: f64) {
        self.add(format_args!(
            r#"<rect x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}" fill="{fill}" fill-opacity="{opacity}"/>"#
        ));
    }

    pub(crate) fn line(&mut self, (x1, y1): (f64, f64), (x2, y2): (f64, f64), colour: &str, width: f64) {
        self.add(format_args!(
            r#"<line x1="{x1:.1}" y1="{y1:.1}" x2="{x2:.1}" y2="{y2:.1}" stroke="{colour}" stroke-width="{width}"/>"#
        ));
    }

    pub(crate) fn dot(&mut self, (x, y): (f64, f64), radius: f64, fill: &str) {
        self.add(format_args!(r#"<circle cx="{x:.1}" cy="{y:.1}" r="{radius}" fill="{fill}"/>"#));
    }

    pub(crate) fn text(&mut self, (x, y): (f64, f64), anchor: Anchor, size: u8, colour: &str, text: &str) {
        let (anchor, text) = (anchor.as_str(), escaped(text));
        self.add(format_args!(
            r#"<text x="{x:.1}" y="{y:.1}" text-anchor="{anchor}" font-size="{size}" fill="{colour}">{text}</text>"#
        ));
    }

    pub(crate) fn title(&mut self, (x, y): (f64, f64), size: u8, text: &str) {
        let text = escaped(text);
        self.add(format_args!(r#"<text x="{x:.1}" y="{y:.1}" font-size="{size}" font-weight="bold">{text}</text>"#));
    }

    /// A line through points; dashed where it is told so.
    pub(crate) fn path(&mut self, points: impl Iterator<Item = (f64, f64)>, colour: &str, is_dashed: bool) {
        let dashes = if is_dashed { r#" stroke-dasharray="6 4""# } else { "" };
        let points = listed(points);
        self.add(format_args!(
            r#"<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.8" stroke-linejoin="round"{dashes}/>"#
        ));
    }

    pub(crate) fn area(&mut self, points: impl Iterator<Item = (f64, f64)>, fill: &str) {
        let points = listed(points);
        self.add(format_args!(r#"<polygon points="{points}" fill="{fill}" fill-opacity="0.25"/>"#));
    }

    /// The whole document.
    pub(crate) fn finish(self, height: f64) -> String {
        let (width, body) = (self.width, self.body);
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" font-family="DejaVu Sans, Helvetica, Arial, sans-serif" fill="rgb(26,32,44)">
<rect width="{width}" height="{height}" fill="white"/>
{body}</svg>
"#
        )
    }
}

fn listed(points: impl Iterator<Item = (f64, f64)>) -> String {
    points.map(|(x, y)| format!("{x:.1},{y:.1}")).collect::<Vec<_>>().join(" ")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A frame whose sides stand for values.
#[derive(Clone, Copy)]
pub(crate) struct Frame {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
    /// What the right and the upper side stand for; the left and the lower one stand for 0.
    pub(crate) right_is: f64,
    pub(crate) top_is: f64,
}

impl Frame {
    pub(crate) fn x(&self, value: f64) -> f64 {
        self.left + self.width * value / self.right_is
    }

    pub(crate) fn y(&self, value: f64) -> f64 {
        self.top + self.height * (1.0 - value / self.top_is)
    }

    pub(crate) fn at(&self, x: f64, y: f64) -> (f64, f64) {
        (self.x(x), self.y(y))
    }

    pub(crate) fn bottom(&self) -> f64 {
        self.top + self.height
    }
}

/// A round number that is not less, and how far apart the lines on the way to it stand: whole numbers, since counts are shown.
pub(crate) fn round_up(most: f64) -> (f64, f64) {
    let ten = 10_f64.powf(most.max(1.0).log10().floor());
    let steps = [0.2, 0.25, 0.5, 1.0, 2.0].map(|part| part * ten);
    let step = steps.into_iter().find(|step| step.fract() == 0.0 && most <= step * 5.0).unwrap_or(2.0 * ten);
    ((most / step).ceil().max(1.0) * step, step)
}
