//! Indices as `factor * i + rest`, to tell which are certainly not `i`.

use crate::clause::{array_key, ident_of};
use syn::{BinOp, Expr, Lit, UnOp};

/// `factor * i + rest`; the rest is the same in all iterations, and perhaps known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Linear {
    pub factor: i128,
    pub rest: Option<i128>,
}

/// How often `factor * i + rest` is `i`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meets {
    Never,
    /// In one iteration at most.
    Once,
    /// In all of them, or nobody knows.
    Perhaps,
}

impl Linear {
    /// Reads an index; `varies` says of a name whether it may differ between iterations.
    pub fn of(index: &Expr, var: &str, varies: &dyn Fn(&str) -> bool) -> Option<Linear> {
        let of = |e: &Expr| Linear::of(e, var, varies);
        let same = Linear {
            factor: 0,
            rest: None,
        };
        if let Some(key) = array_key(index) {
            return match ident_of(index).is_some_and(|i| i == var) {
                true => Some(Linear {
                    factor: 1,
                    rest: Some(0),
                }),
                false => (!varies(&key)).then_some(same),
            };
        }
        match index {
            Expr::Lit(l) => match &l.lit {
                Lit::Int(n) => Some(Linear {
                    factor: 0,
                    rest: Some(n.base10_parse().ok()?),
                }),
                _ => None,
            },
            Expr::Paren(x) => of(&x.expr),
            Expr::Group(x) => of(&x.expr),
            Expr::Cast(x) => of(&x.expr),
            Expr::Unary(x) if matches!(x.op, UnOp::Neg(_)) => of(&x.expr)?.times(-1),
            Expr::MethodCall(m) if m.method == "len" && m.args.is_empty() => {
                (!varies(&array_key(&m.receiver)?)).then_some(same)
            }
            Expr::Binary(b) => of(&b.left)?.joined(&b.op, of(&b.right)?),
            _ => None,
        }
    }

    /// `self op other`.
    fn joined(self, op: &BinOp, other: Linear) -> Option<Linear> {
        let same = (self.factor == 0 && other.factor == 0).then_some(Linear {
            factor: 0,
            rest: None,
        });
        match op {
            BinOp::Add(_) => self.plus(other),
            BinOp::Sub(_) => self.plus(other.times(-1)?),
            BinOp::Mul(_) => match (self, other) {
                (
                    Linear {
                        factor: 0,
                        rest: Some(by),
                    },
                    r,
                ) => r.times(by),
                (
                    l,
                    Linear {
                        factor: 0,
                        rest: Some(by),
                    },
                ) => l.times(by),
                _ => same,
            },
            BinOp::Div(_) | BinOp::Rem(_) => same,
            _ => None,
        }
    }

    fn plus(self, other: Linear) -> Option<Linear> {
        let rest = match (self.rest, other.rest) {
            (Some(a), Some(b)) => Some(a.checked_add(b)?),
            _ => None,
        };
        let factor = self.factor.checked_add(other.factor)?;
        Some(Linear { factor, rest })
    }

    fn times(self, by: i128) -> Option<Linear> {
        let rest = match self.rest {
            Some(rest) => Some(rest.checked_mul(by)?),
            None => None,
        };
        let factor = self.factor.checked_mul(by)?;
        // Nothing is left of it.
        let rest = if by == 0 { Some(0) } else { rest };
        Some(Linear { factor, rest })
    }

    /// How often it is the iteration's own number.
    pub fn meets(self) -> Meets {
        let Linear { factor, rest } = self;
        match rest {
            Some(0) if factor == 1 => Meets::Perhaps,
            Some(_) if factor == 1 => Meets::Never,
            None if factor == 1 => Meets::Perhaps,
            // (factor - 1) * i = -rest
            Some(rest) if rest % (factor - 1) != 0 || -rest / (factor - 1) < 0 => Meets::Never,
            _ => Meets::Once,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meets(index: &str) -> Option<Meets> {
        let e: Expr = syn::parse_str(index).unwrap();
        Linear::of(&e, "i", &|name| name == "k").map(Linear::meets)
    }

    #[test]
    fn own_numbers_and_others() {
        for own in [
            "i",
            "(i)",
            "i as usize",
            "i + 0",
            "2 * i - i",
            "i + n",
            "1 * i",
        ] {
            assert_eq!(meets(own), Some(Meets::Perhaps), "{own}");
        }
        for other in [
            "i + 1",
            "i - 1",
            "1 + i",
            "2 * i + 1",
            "i + 1 - 2",
            "3 * i + 5",
            "4 - 3 + i",
        ] {
            assert_eq!(meets(other), Some(Meets::Never), "{other}");
        }
        // i = 0, i = 3, i = 1, and who knows; 3 * i - 3 is no number of its own at i = 1.5.
        for once in [
            "2 * i",
            "3",
            "2 * i - 1",
            "n - 1 - i",
            "n",
            "a.len() - i",
            "n / 2",
        ] {
            assert_eq!(meets(once), Some(Meets::Once), "{once}");
        }
        assert_eq!(meets("3 * i - 3"), Some(Meets::Never));
        for unknown in [
            "k", "i + k", "i * n", "i / 2", "i % n", "f(i)", "b[i]", "i * i",
        ] {
            assert_eq!(meets(unknown), None, "{unknown}");
        }
    }

    /// The value for one `i` and one `n`.
    fn value(e: &Expr, i: i128, n: i128) -> i128 {
        match e {
            Expr::Paren(p) => value(&p.expr, i, n),
            Expr::Lit(l) => match &l.lit {
                Lit::Int(k) => k.base10_parse().unwrap(),
                _ => unreachable!(),
            },
            Expr::Binary(b) => {
                let (l, r) = (value(&b.left, i, n), value(&b.right, i, n));
                match b.op {
                    BinOp::Add(_) => l + r,
                    BinOp::Sub(_) => l - r,
                    _ => l * r,
                }
            }
            e => match ident_of(e).unwrap().to_string().as_str() {
                "i" => i,
                _ => n,
            },
        }
    }

    #[test]
    fn what_is_said_of_an_index_is_so() {
        let leaves = ["i", "n", "0", "1", "2", "3"].map(str::to_owned);
        let join = |a: &[String], b: &[String]| -> Vec<String> {
            let pairs = a.iter().flat_map(|l| b.iter().map(move |r| (l, r)));
            pairs
                .flat_map(|(l, r)| ["+", "-", "*"].map(|op| format!("({l} {op} {r})")))
                .collect()
        };
        let two = join(&leaves, &leaves);
        let all = [&leaves[..], &two, &join(&two, &two)].concat();
        let mut said = [0, 0];
        for text in &all {
            let e: Expr = syn::parse_str(text).unwrap();
            let meets = Linear::of(&e, "i", &|_| false).map(Linear::meets);
            for n in [-4, 0, 1, 5, 8] {
                let own = (0..12).filter(|&i| value(&e, i, n) == i).count();
                match meets {
                    Some(Meets::Never) => assert_eq!(own, 0, "{text}, n = {n}"),
                    Some(Meets::Once) => assert!(own <= 1, "{text}, n = {n}"),
                    _ => {}
                }
            }
            said[0] += usize::from(meets == Some(Meets::Never));
            said[1] += usize::from(meets == Some(Meets::Once));
        }
        assert!(said.iter().all(|&n| n > 1000), "{said:?} of {}", all.len());
    }
}
