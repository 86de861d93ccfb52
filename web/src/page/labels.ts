import type { NodeHoverDrawingFunction, NodeLabelDrawingFunction } from "sigma/rendering";
import { themeColours } from "./theme.js";

/** Draws a node's caption beside it, with a halo that lifts it off the lines behind. */
export const drawLabel: NodeLabelDrawingFunction = (context, data, settings) => {
  if (!data.label) return;
  const colours = themeColours();
  const size = settings.labelSize;
  const [x, y] = [data.x + data.size + 4, data.y + size / 3];
  context.font = `${settings.labelWeight} ${size}px ${settings.labelFont}`;
  context.lineJoin = "round";
  context.lineWidth = 3.5;
  context.strokeStyle = colours.ground;
  context.strokeText(data.label, x, y);
  context.fillStyle = colours.text;
  context.fillText(data.label, x, y);
};

/** Draws the node under the pointer with its whole caption on a plate, in the theme's colours. */
export const drawHover: NodeHoverDrawingFunction = (context, data, settings) => {
  const colours = themeColours();
  context.beginPath();
  context.arc(data.x, data.y, data.size + 3, 0, 2 * Math.PI);
  context.strokeStyle = colours.accent;
  context.lineWidth = 2;
  context.stroke();
  if (!data.label) return;
  const size = settings.labelSize;
  context.font = `600 ${size}px ${settings.labelFont}`;
  const width = context.measureText(data.label).width + 16;
  const left = data.x + data.size + 6;
  const top = data.y - size * 0.9;
  context.beginPath();
  context.roundRect(left, top, width, size * 1.8, 6);
  context.fillStyle = colours.raised;
  context.shadowColor = "rgba(0, 0, 0, 0.25)";
  context.shadowBlur = 8;
  context.fill();
  context.shadowBlur = 0;
  context.fillStyle = colours.text;
  context.fillText(data.label, left + 8, data.y + size / 3);
};
