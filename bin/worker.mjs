#!/usr/bin/env node
import v8 from 'node:v8';
import { launch } from './launch.mjs';

// Looks are short-lived: left alone, the young generation grows to 60 MB that it never gives back.
v8.setFlagsFromString('--semi-space-growth-factor=1');
await launch(import.meta.url, '../probes/main.ts');
