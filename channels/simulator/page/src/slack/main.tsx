import { render } from 'preact'
import { pickLanguage } from '../words'
import { SlackApp } from './app'
import { Server } from './server'
import '../page.css'
import './slack.css'

const place = document.getElementById('app')
if (place) render(<SlackApp server={new Server()} language={pickLanguage(location.search, navigator.languages)} />, place)
