//! The text of a place list: the grammar of `OMP_PLACES`, read and written.

use crate::CpuSet;
use crate::error::{PlacesError, short};
use crate::place::{Form, Item, Object, PlacesSpec};
use std::fmt;
use std::str::FromStr;

/// A list of more places than this is refused: there are no more processors.
const MOST_PLACES: usize = CpuSet::LIMIT;

impl FromStr for PlacesSpec {
    type Err = PlacesError;

    /// Reads the value of `OMP_PLACES`; the grammar is told at [`PlacesSpec`].
    ///
    /// # Errors
    /// [`PlacesError::Syntax`] where the grammar is left, [`PlacesError::Range`] for numbers that
    /// no machine has; both name the position.
    fn from_str(text: &str) -> Result<Self, PlacesError> {
        let mut parser = Parser { text, at: 0 };
        parser.skip_space();
        let form = if parser.peek().is_some_and(char::is_alphabetic) {
            parser.name()?
        } else {
            parser.list()?
        };
        match parser.peek() {
            None => Ok(Self(form)),
            Some(_) => Err(parser.expected(match form {
                Form::Abstract { count: None, .. } => "`(` or the end",
                Form::Abstract { .. } => "the end",
                Form::Explicit(_) => "`,`, `:` or the end",
            })),
        }
    }
}

/// An interval's number of things and step; the position of the number.
struct Span {
    len: usize,
    step: i64,
    at: usize,
}

/// The smallest and the largest processor number that a place names; none if it only excludes.
type Bounds = (usize, usize);

struct Parser<'a> {
    text: &'a str,
    /// In bytes.
    at: usize,
}

impl Parser<'_> {
    /// `cores`, `cores(4)`, `cores(4:2)`.
    fn name(&mut self) -> Result<Form, PlacesError> {
        let start = self.at;
        let rest = &self.text[start..];
        let end = rest
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        let word = rest[..end].to_ascii_lowercase();
        let Some(object) = Object::ALL.into_iter().find(|object| object.name() == word) else {
            return Err(PlacesError::Syntax {
                text: short(self.text),
                position: self.position(start),
                expected: "threads, cores, ll_caches, numa_domains, sockets or a list of places",
                found: format!("`{}`", short(&rest[..end])),
            });
        };
        self.advance(end);
        if !self.take('(') {
            return Ok(Form::Abstract {
                object,
                count: None,
                step: 1,
            });
        }
        let count = self.positive("a positive number of places")?;
        let step = if self.take(':') {
            self.positive("a positive increment")?
        } else {
            1
        };
        if !self.take(')') {
            return Err(self.expected("`:` or `)`"));
        }
        Ok(Form::Abstract {
            object,
            count: Some(count),
            step,
        })
    }

    /// Intervals and exclusions of places.
    fn list(&mut self) -> Result<Form, PlacesError> {
        let mut items = Vec::new();
        let mut total = 0;
        loop {
            if self.take('!') {
                items.push(Item::Exclude(self.place()?.0));
                self.no_interval()?;
            } else {
                let (first, bounds) = self.place()?;
                let span = self.span("a positive number of places")?;
                if let Some((low, high)) = bounds {
                    self.in_range(low, high, &span, "place")?;
                }
                total += span.len;
                if total > MOST_PLACES {
                    return Err(self.range(span.at, format!("more than {MOST_PLACES} places")));
                }
                items.push(Item::Include {
                    first,
                    len: span.len,
                    step: span.step,
                });
            }
            if !self.take(',') {
                return Ok(Form::Explicit(items));
            }
        }
    }

    /// `{0,1}`, `{0:4,!2}` or `0`: its text, and its bounds.
    fn place(&mut self) -> Result<(Vec<Item<usize>>, Option<Bounds>), PlacesError> {
        if !self.take('{') {
            let first = self.processor("a place: `{` or a processor number")?;
            let alone = Item::Include {
                first,
                len: 1,
                step: 1,
            };
            return Ok((vec![alone], Some((first, first))));
        }
        let mut items = Vec::new();
        let mut bounds: Option<Bounds> = None;
        loop {
            if self.take('!') {
                items.push(Item::Exclude(self.processor("a processor number")?));
                self.no_interval()?;
            } else {
                let first = self.processor("a processor number or `!`")?;
                let Span { len, step, at } = self.span("a positive number of processors")?;
                let (low, high) =
                    self.in_range(first, first, &Span { len, step, at }, "processor")?;
                bounds = Some(bounds.map_or((low, high), |(l, h)| (l.min(low), h.max(high))));
                items.push(Item::Include { first, len, step });
            }
            if self.take('}') {
                return Ok((items, bounds));
            }
            if !self.take(',') {
                return Err(self.expected("`,`, `:` or `}`"));
            }
        }
    }

    /// `:len`, `:len:step` or nothing.
    fn span(&mut self, expected: &'static str) -> Result<Span, PlacesError> {
        let mut span = Span {
            len: 1,
            step: 1,
            at: self.at,
        };
        if self.take(':') {
            span.at = self.at;
            span.len = self.positive(expected)?;
            if self.take(':') {
                span.step = self.step()?;
            }
        }
        if span.len == 1 {
            span.step = 1;
        }
        Ok(span)
    }

    fn no_interval(&mut self) -> Result<(), PlacesError> {
        match self.peek() {
            Some(':') => Err(self.expected("`,` or the end: an exclusion takes no interval")),
            _ => Ok(()),
        }
    }

    /// The smallest and largest number of an interval whose first part has those given.
    fn in_range(
        &self,
        low: usize,
        high: usize,
        span: &Span,
        what: &str,
    ) -> Result<(usize, usize), PlacesError> {
        let wide = |number: usize| i128::try_from(number).unwrap_or(i128::MAX);
        let moved = (wide(span.len) - 1).saturating_mul(span.step.into());
        let (lowest, highest) = (
            wide(low) + moved.min(0),
            wide(high).saturating_add(moved.max(0)),
        );
        if lowest < 0 {
            return Err(self.range(
                span.at,
                format!("the interval's last {what} would have the processor {lowest}"),
            ));
        }
        if highest >= wide(CpuSet::LIMIT) {
            return Err(self.range(
                span.at,
                format!(
                    "the interval's last {what} would have the processor {highest}, and numbers end at {}",
                    CpuSet::LIMIT - 1
                ),
            ));
        }
        // Both are in 0..LIMIT now.
        let narrow = |number: i128| usize::try_from(number).unwrap_or(0);
        Ok((narrow(lowest), narrow(highest)))
    }

    fn processor(&mut self, expected: &'static str) -> Result<usize, PlacesError> {
        let at = self.at;
        match self.digits(expected)? {
            Some(cpu) if cpu < CpuSet::LIMIT => Ok(cpu),
            _ => Err(self.range(
                at,
                format!("processor numbers end at {}", CpuSet::LIMIT - 1),
            )),
        }
    }

    fn positive(&mut self, expected: &'static str) -> Result<usize, PlacesError> {
        let at = self.at;
        match self.digits(expected)? {
            Some(0) => Err(PlacesError::Syntax {
                text: short(self.text),
                position: self.position(at),
                expected,
                found: "`0`".into(),
            }),
            Some(number) if number <= MOST_PLACES => Ok(number),
            _ => Err(self.range(
                at,
                format!("the number is above {MOST_PLACES}, the most there can be"),
            )),
        }
    }

    /// An integer with an optional sign.
    fn step(&mut self) -> Result<i64, PlacesError> {
        let at = self.at;
        let negative = self.take('-');
        if !negative {
            self.take('+');
        }
        let size = self
            .digits("an increment")?
            .filter(|size| *size <= MOST_PLACES)
            .and_then(|size| i64::try_from(size).ok());
        match size {
            Some(size) => Ok(if negative { -size } else { size }),
            None => Err(self.range(at, format!("the increment is above {MOST_PLACES}"))),
        }
    }

    /// A number; `None` if it is too large for the machine's words.
    fn digits(&mut self, expected: &'static str) -> Result<Option<usize>, PlacesError> {
        let rest = &self.text[self.at..];
        let length = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        if length == 0 {
            return Err(self.expected(expected));
        }
        let number = rest[..length].parse().ok();
        self.advance(length);
        Ok(number)
    }

    fn take(&mut self, wanted: char) -> bool {
        let there = self.peek() == Some(wanted);
        if there {
            self.advance(wanted.len_utf8());
        }
        there
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn advance(&mut self, bytes: usize) {
        self.at += bytes;
        self.skip_space();
    }

    fn skip_space(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
    }

    fn position(&self, at: usize) -> usize {
        self.text[..at].chars().count() + 1
    }

    fn expected(&self, expected: &'static str) -> PlacesError {
        PlacesError::Syntax {
            text: short(self.text),
            position: self.position(self.at),
            expected,
            found: self.peek().map_or("the end".into(), |c| format!("`{c}`")),
        }
    }

    fn range(&self, at: usize, problem: String) -> PlacesError {
        PlacesError::Range {
            text: short(self.text),
            position: self.position(at),
            problem,
        }
    }
}

impl fmt::Display for PlacesSpec {
    /// The same list in its shortest form with braces; reading it again gives an equal spec.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Abstract {
                object,
                count,
                step,
            } => {
                f.write_str(object.name())?;
                match (count, step) {
                    (None, _) => Ok(()),
                    (Some(count), 1) => write!(f, "({count})"),
                    (Some(count), step) => write!(f, "({count}:{step})"),
                }
            }
            Form::Explicit(items) => write_items(f, items, |f, place| {
                f.write_str("{")?;
                write_items(f, place, |f, cpu| write!(f, "{cpu}"))?;
                f.write_str("}")
            }),
        }
    }
}

fn write_items<T>(
    f: &mut fmt::Formatter<'_>,
    items: &[Item<T>],
    write: impl Fn(&mut fmt::Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            f.write_str(",")?;
        }
        match item {
            Item::Exclude(what) => {
                f.write_str("!")?;
                write(f, what)?;
            }
            Item::Include { first, len, step } => {
                write(f, first)?;
                match (len, step) {
                    (1, _) => {}
                    (len, 1) => write!(f, ":{len}")?,
                    (len, step) => write!(f, ":{len}:{step}")?,
                }
            }
        }
    }
    Ok(())
}
