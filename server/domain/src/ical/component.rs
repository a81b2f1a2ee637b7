//! A calendar as a tree of components and lines, known to us or not.

use super::line::{Folding, Line};

/// A component, known to us or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Component {
    /// In upper case.
    pub name: String,
    /// In the order they were written.
    pub properties: Vec<Line>,
    /// In the order they were written.
    pub components: Vec<Component>,
}

impl Component {
    /// The first property of that name (upper case).
    pub fn property(&self, name: &str) -> Option<&Line> {
        self.properties.iter().find(|line| line.name() == name)
    }

    /// The sub-components of that name (upper case).
    pub fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Component> {
        self.components.iter().filter(move |component| component.name == name)
    }

    /// Appends the component to `out` as lines of ours. What was read and is written reads
    /// as the same component again.
    pub fn write(&self, out: &mut String) {
        Folding::line(out, &["BEGIN:", &self.name]);
        for line in &self.properties {
            line.write(out);
        }
        for component in &self.components {
            component.write(out);
        }
        Folding::line(out, &["END:", &self.name]);
    }
}
