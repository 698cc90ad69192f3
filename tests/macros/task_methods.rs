//! Tasks in methods, generic code and closures.

use phalanx::prelude::*;

struct Tree {
    value: u64,
    below: Vec<Tree>,
}

#[omp]
impl Tree {
    fn sum_into<'s>(&'s self, tg: &Task<'s>, sum: &'s Atomic<u64>) {
        for tree in &self.below {
            #[task]
            {
                tree.sum_into(tg, sum);
            }
        }
        #[task]
        {
            sum.add(self.value);
        }
    }

    fn double(&mut self) {
        self.value *= 2;
        #[taskgroup]
        {
            for tree in &mut self.below {
                #[task]
                {
                    tree.double();
                }
            }
        }
    }

    fn of(depth: u64) -> Tree {
        let below = (0..depth).map(Tree::of).collect();
        Tree { value: 1, below }
    }
}

#[test]
fn methods() {
    let mut tree = Tree::of(8);
    tree.double();
    let sum = Atomic::new(0);
    taskgroup(|tg| tree.sum_into(tg, &sum));
    assert_eq!(sum.into_inner(), 512);
}

struct Node<T> {
    value: T,
    sides: [Option<Box<Node<T>>>; 2],
    depth: usize,
}

#[omp]
impl<T: Clone + Send + Sync> Node<T> {
    fn map<F: Fn(&mut T) + Sync>(&mut self, f: &F) {
        let [left, right] = &mut self.sides;
        #[taskgroup]
        {
            #[task]
            {
                if let Some(node) = left {
                    node.map(f);
                }
            }
            if let Some(node) = right {
                #[task]
                {
                    node.map(f);
                }
            }
            #[task]
            {
                f(&mut self.value);
            }
            // Another field.
            #[task]
            {
                self.depth += 1;
            }
        }
    }

    fn of(value: T, depth: usize) -> Self {
        let side = || (depth > 0).then(|| Box::new(Node::of(value.clone(), depth - 1)));
        Node {
            sides: [side(), side()],
            value,
            depth,
        }
    }

    fn sum(&self, f: &dyn Fn(&T) -> usize) -> usize {
        let sides = self.sides.iter().flatten().map(|n| n.sum(f));
        sides.sum::<usize>() + f(&self.value) + self.depth
    }
}

#[test]
fn fields_and_generics() {
    let mut tree = Node::of(String::from("a"), 3);
    tree.map(&|s| s.push('b'));
    // 15 nodes; depths 3, 2, 1, 0 and one more each.
    assert_eq!(tree.sum(&|s| s.len()), 15 * 2 + 3 + 2 * 2 + 4 + 15);
}

#[omp]
fn answers(n: usize) -> Result<Vec<usize>, String> {
    let mut answers = vec![Ok(0); n];
    #[taskgroup]
    {
        for (i, answer) in answers.iter_mut().enumerate() {
            #[task]
            {
                let work = || {
                    if i == 13 {
                        return Err(format!("no {i}"));
                    }
                    Ok(i * i)
                };
                *answer = work().and_then(|x| work().map(|y| (x + y) / 2));
            }
        }
    }
    answers.into_iter().collect()
}

#[test]
fn closures_return_as_they_like() {
    assert_eq!(answers(13), Ok((0..13).map(|i| i * i).collect()));
    assert_eq!(answers(20), Err("no 13".to_owned()));
}
