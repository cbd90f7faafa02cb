//! What [`Logits`](crate::Logits), [`Probabilities`](crate::Probabilities) and
//! [`Target`](crate::Target) have in common: a vector with an entry for each class, checked when it
//! is made.

/// Reads and takes apart a vector; makes it of an array or a `Vec` as `$new` does.
macro_rules! checked_vector {
    ($name:ident, $new:ident) => {
        impl<A: Float> $name<A> {
            /// The entries as a vector, shape (classes).
            pub fn as_array(&self) -> &Array1<A> {
                &self.0
            }

            /// The entries, shape (classes).
            pub fn into_inner(self) -> Array1<A> {
                self.0
            }
        }

        impl<A: Float> TryFrom<Array1<A>> for $name<A> {
            type Error = Error;

            fn try_from(entries: Array1<A>) -> Result<Self> {
                Self::$new(entries)
            }
        }

        impl<A: Float> TryFrom<alloc::vec::Vec<A>> for $name<A> {
            type Error = Error;

            fn try_from(entries: alloc::vec::Vec<A>) -> Result<Self> {
                Self::$new(entries.into())
            }
        }

        impl<A> AsRef<Array1<A>> for $name<A> {
            fn as_ref(&self) -> &Array1<A> {
                &self.0
            }
        }

        impl<A> Index<usize> for $name<A> {
            type Output = A;

            fn index(&self, class: usize) -> &A {
                &self.0[class]
            }
        }

        impl<A: fmt::Display> fmt::Display for $name<A> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}
pub(crate) use checked_vector;
