import React from "react";
import { Button } from "./Button";

interface Props {
  title: string;
}

/** Shows a shape. */
export function ShapeView({ title }: Props): JSX.Element {
  const [open, setOpen] = React.useState(false);
  return (
    <div className="shape">
      <Button onClick={() => setOpen(!open)}>{title}</Button>
      <Footer />
    </div>
  );
}

export const Footer = () => <footer />;
