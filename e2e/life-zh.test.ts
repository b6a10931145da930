import { lifeStory } from './stories/life'

lifeStory('zh')
