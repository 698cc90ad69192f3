//! From a place list as asked for to the processors that it means on a machine.

use crate::error::{PlacesError, named};
use crate::object::Pu;
use crate::place::{Form, Item, Object, Place, Places, PlacesSpec};
use crate::{CpuSet, Topology};
use std::collections::HashMap;

impl PlacesSpec {
    /// The places that the spec means on a machine, restricted to usable processors.
    ///
    /// Reported in [`Places::warnings`]: places dropped because no processor of theirs is usable or
    /// exists, places that lose some, fewer objects than asked for, exclusions of what is not there,
    /// and usable processors that are in no object of the kind named. Where cores are unknown,
    /// each hardware thread counts as one, with a warning.
    ///
    /// # Errors
    /// [`PlacesError::NoneUsable`] when no place is left, [`PlacesError::Unknown`] when the
    /// machine's description knows no object of the kind named.
    pub fn resolve(&self, machine: &Topology) -> Result<Places, PlacesError> {
        let (list, warnings) = match &self.0 {
            Form::Abstract {
                object,
                count,
                step,
            } => self.objects(machine, *object, *count, *step)?,
            Form::Explicit(items) => explicit(machine, items),
        };
        if list.is_empty() {
            return Err(PlacesError::NoneUsable {
                spec: self.to_string(),
                usable: machine.usable().clone(),
            });
        }
        Ok(Places { list, warnings })
    }

    fn objects(
        &self,
        machine: &Topology,
        object: Object,
        count: Option<usize>,
        step: usize,
    ) -> Result<(Vec<Place>, Vec<String>), PlacesError> {
        let mut warnings = Vec::new();
        let all = self.all_objects(machine, object, &mut warnings)?;
        let available = all.len().div_ceil(step);
        if let Some(asked) = count.filter(|asked| *asked > available) {
            warnings.push(format!(
                "`{self}` asks for {asked} places, and there are {available}, which are used"
            ));
        }
        let list = all
            .into_iter()
            .step_by(step)
            .take(count.unwrap_or(usize::MAX))
            .collect();
        Ok((list, warnings))
    }

    /// A place for each object of the kind that has usable processors.
    fn all_objects(
        &self,
        machine: &Topology,
        object: Object,
        warnings: &mut Vec<String>,
    ) -> Result<Vec<Place>, PlacesError> {
        let usable = machine.usable();
        let mut sets = sets(machine, object);
        let in_none = sets.iter().fold(usable.clone(), |rest, cpus| &rest - cpus);
        let objects = object.described();
        if !in_none.is_empty() && object == Object::Cores {
            sets.extend(in_none.iter().map(|cpu| CpuSet::from_iter([cpu])));
            warnings.push(format!(
                "the cores of the processors {in_none} are unknown; each is a place of its own"
            ));
        } else if sets.is_empty() {
            let (spec, source_of_it) = (self.to_string(), machine.source());
            return Err(PlacesError::Unknown {
                spec,
                objects,
                source_of_it,
            });
        } else if !in_none.is_empty() {
            warnings.push(format!(
                "the processors {in_none} are in no place of `{self}`: they are in none of the \
                 machine's {objects}"
            ));
        }
        let within = sets
            .iter()
            .map(|cpus| cpus & usable)
            .filter(|cpus| !cpus.is_empty());
        Ok(within.map(Place::new).collect())
    }
}

/// The objects of a kind, in order of locality.
fn sets(machine: &Topology, object: Object) -> Vec<CpuSet> {
    match object {
        Object::Threads => by_locality(machine),
        Object::Cores => machine
            .cores()
            .iter()
            .map(|core| core.cpus().clone())
            .collect(),
        Object::LlCaches => machine
            .llcs()
            .iter()
            .map(|cache| cache.cpus().clone())
            .collect(),
        Object::NumaDomains => machine
            .nodes()
            .iter()
            .map(|node| node.cpus().clone())
            .filter(|cpus| !cpus.is_empty())
            .collect(),
        Object::Sockets => machine
            .packages()
            .iter()
            .map(|package| package.cpus().clone())
            .collect(),
    }
}

/// The hardware threads core by core; those of no known core last.
fn by_locality(machine: &Topology) -> Vec<CpuSet> {
    let of_cores = machine.cores().iter().flat_map(|core| core.cpus().iter());
    let of_none = machine
        .pus()
        .iter()
        .filter(|pu| pu.core().is_none())
        .map(Pu::cpu);
    of_cores
        .chain(of_none)
        .map(|cpu| CpuSet::from_iter([cpu]))
        .collect()
}

/// The processors that a place's text names.
fn members(items: &[Item<usize>]) -> CpuSet {
    let mut cpus = CpuSet::new();
    for item in items {
        if let Item::Include { first, len, step } = item {
            // The parser has seen to it that every number is below the limit.
            let number = |at: i64| {
                usize::try_from(
                    i64::try_from(*first)
                        .ok()?
                        .checked_add(at.checked_mul(*step)?)?,
                )
                .ok()
            };
            cpus.extend((0..).take(*len).filter_map(number));
        }
    }
    for item in items {
        if let Item::Exclude(cpu) = item {
            cpus.remove(*cpu);
        }
    }
    cpus
}

fn explicit(machine: &Topology, items: &[Item<Vec<Item<usize>>>]) -> (Vec<Place>, Vec<String>) {
    let mut excluded: HashMap<CpuSet, bool> = HashMap::new();
    for item in items {
        if let Item::Exclude(place) = item {
            excluded.insert(members(place), false);
        }
    }
    let (mut list, mut warnings) = (Vec::new(), Warnings::default());
    for item in items {
        let Item::Include { first, len, step } = item else {
            continue;
        };
        let first = members(first);
        for at in (0..).take(*len) {
            let asked = i64::checked_mul(at, *step)
                .and_then(|by| first.shifted(by))
                .unwrap_or_default();
            if let Some(met) = excluded.get_mut(&asked) {
                *met = true;
                continue;
            }
            let cpus = &asked & machine.usable();
            warnings.compare(&asked, &cpus, machine.usable());
            if !cpus.is_empty() {
                list.push(Place::new(cpus));
            }
        }
    }
    let mut idle: Vec<Place> = excluded
        .into_iter()
        .filter(|(_, met)| !met)
        .map(|(cpus, _)| Place::new(cpus))
        .collect();
    idle.sort_by_key(|place| place.cpus().first());
    for place in idle {
        warnings.add(|| format!("`!{place}` excludes nothing: the list has no such place"));
    }
    (list, warnings.finish())
}

/// Warnings, of which a long list is cut.
#[derive(Default)]
struct Warnings {
    told: Vec<String>,
    more: usize,
}

impl Warnings {
    const MOST: usize = 8;

    fn add(&mut self, text: impl FnOnce() -> String) {
        if self.told.len() < Self::MOST {
            self.told.push(text());
        } else {
            self.more += 1;
        }
    }

    /// Tells what of a place may not be used.
    fn compare(&mut self, asked: &CpuSet, got: &CpuSet, usable: &CpuSet) {
        let lost = asked - got;
        if asked.is_empty() {
            self.add(|| "a place names no processor; it is dropped".into());
        } else if got.is_empty() {
            self.add(|| {
                format!(
                    "place {{{asked}}} names processors that this process may not use: {}; \
                     usable are {usable}; it is dropped",
                    named(&lost)
                )
            });
        } else if !lost.is_empty() {
            self.add(|| {
                format!(
                    "place {{{asked}}} names processors that this process may not use: {lost}; \
                     it is reduced to {{{got}}}"
                )
            });
        }
    }

    fn finish(mut self) -> Vec<String> {
        if self.more > 0 {
            self.told
                .push(format!("and {} more warnings of this kind", self.more));
        }
        self.told
    }
}
